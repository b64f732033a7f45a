export const page: string;
export function twinDocs(): Promise<string>;
