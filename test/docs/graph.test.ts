import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { picture, samplePicture } from '../../scripts/graph-docs.mjs';

it('docs/images/trust.svg is what is drawn now (else run: node scripts/graph-docs.mjs)', async () => {
  expect(readFileSync(picture, 'utf8')).toBe(await samplePicture());
}, 60_000);
