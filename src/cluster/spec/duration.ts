import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../../base/index.ts';

const PARTS = /^(?:(\d{1,6})y)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,8})m)?(?:(\d{1,9})s)?$/;
const UNITS = [YEAR, DAY, HOUR, MINUTE, SECOND];

/** `10y`, `90d`, `1d12h`, in milliseconds; a year has 365 days. undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = PARTS.exec(text);
  if (!match || text === '') return undefined;
  return UNITS.reduce((total, unit, i) => total + unit * Number(match[i + 1] ?? 0), 0);
}
