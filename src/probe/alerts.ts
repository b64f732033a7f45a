/** OpenSSL ends the line of a received alert with its number (ssl/record/rec_layer_s3.c). */
const RECEIVED = /SSL alert number (\d{1,3})\b/;

/** Number of the alert that this error of Node's reports; undefined when it reports something else. */
export function alertNumber(error: Error): number | undefined {
  const found = RECEIVED.exec(error.message);
  return found === null ? undefined : Number(found[1]);
}
