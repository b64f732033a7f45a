import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/setup.mjs';

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

interface Locked {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8')) as unknown;
const { packages } = read('package-lock.json') as Lock;

describe('package-lock.json', () => {
  // `npm ci` refuses a lock without them; `npm install` leaves out those that it could not look up.
  it('has the packages of every platform', () => {
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !(`node_modules/${name}` in packages));
    expect(missing).toEqual([]);
  });

  it('goes with package.json, whose versions are exact', () => {
    const { dependencies, devDependencies } = read('package.json') as Locked;
    expect(packages['']).toMatchObject({ dependencies, devDependencies });
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  it('names no registry', () => {
    expect(Object.values(packages).filter((entry) => 'resolved' in entry)).toEqual([]);
  });
});
