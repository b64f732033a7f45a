/** Path of docs/cli.md. */
export const page: string;
/** The text that it must have. */
export function cliDocs(): Promise<string>;
