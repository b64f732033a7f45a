/** What parsers of some releases of Go refuse and those of others let pass: GODEBUG settings of theirs. */
export interface Reading {
  /** crypto/x509, parser.go: GODEBUG x509negativeserial. */
  readonly refusesNegativeSerials: boolean;
  /** net/url, url.go, parseHost, of http and https: GODEBUG urlstrictcolons. */
  readonly refusesColonsInHosts: boolean;
}

export const STRICTEST: Reading = { refusesNegativeSerials: true, refusesColonsInHosts: true };

/** For what has been read before. */
export const LAXEST: Reading = { refusesNegativeSerials: false, refusesColonsInHosts: false };
