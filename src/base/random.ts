/** Randomness is an argument: rooms on floors 0 to 2 never draw their own. */
export interface Random {
  /** `count` bytes, uniformly random, in memory of their own: who asked may write over them. */
  bytes(count: number): Uint8Array;
}
