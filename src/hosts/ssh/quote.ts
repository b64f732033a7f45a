/**
 * A text as one word of a POSIX shell: between single quotes nothing is special but the quote itself
 * (POSIX 2024, Shell Command Language, 2.2.2). It holds no NUL.
 */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function shellWords(texts: readonly string[]): string {
  return texts.map(shellWord).join(' ');
}
