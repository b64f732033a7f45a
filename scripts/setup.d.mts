export const root: string;
export const bundle: string;
export function ensureInstalled(): void;
export function ensureBuilt(): Promise<void>;
