export const picture: string;
export function samplePicture(): Promise<string>;
