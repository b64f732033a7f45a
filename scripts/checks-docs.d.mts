export const page: string;
export function checksDocs(): Promise<string>;
