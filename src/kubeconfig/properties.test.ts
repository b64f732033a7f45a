import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { anyKubeconfig, plain } from '../../test/judges/kubeconfigs.ts';
import { KubetlsError, renderWhere } from '../base/index.ts';
import { type Kubeconfig, parseKubeconfig, writeKubeconfig } from './index.ts';

function written(config: Kubeconfig): string {
  return Buffer.from(writeKubeconfig(config).reveal()).toString('utf8');
}

describe('any kubeconfig', () => {
  it('comes back as it was, with every unknown field and extension', () => {
    fc.assert(
      fc.property(anyKubeconfig, (config) => {
        expect(plain(parseKubeconfig(written(config)))).toEqual(plain(config));
      }),
      { numRuns: 80 },
    );
  });

  it('is written in the same bytes whatever the order of its lists', () => {
    fc.assert(
      fc.property(anyKubeconfig, (config) => {
        const turned = {
          ...config,
          clusters: config.clusters.toReversed(),
          contexts: config.contexts.toReversed(),
          users: config.users.toReversed(),
        };
        expect(written(turned)).toBe(written(config));
      }),
      { numRuns: 30 },
    );
  });

  it('reads the same to a plain YAML 1.2 reader', () => {
    fc.assert(
      fc.property(anyKubeconfig, (config) => {
        const seen: unknown = parseYaml(written(config), { intAsBigInt: true });
        expect(seen).toMatchObject({
          kind: 'Config',
          'current-context': config.currentContext,
          contexts: config.contexts.length === 0 ? null : config.contexts.map(({ name }) => ({ name })),
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a text that was tampered with', () => {
  const cut = fc.tuple(fc.nat(), fc.nat(40), fc.string({ maxLength: 6 }));

  it('is read, or refused with a code and a place; nothing else happens', () => {
    let refused = 0;
    fc.assert(
      fc.property(anyKubeconfig, fc.array(cut, { minLength: 1, maxLength: 3 }), (config, cuts) => {
        let text = written(config);
        for (const [at, length, insert] of cuts) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + length);
        }
        try {
          parseKubeconfig(text, 'admin.conf');
        } catch (error) {
          refused++;
          if (!(error instanceof KubetlsError)) throw error;
          expect(error.code).toMatch(/^kubeconfig\//);
          expect(renderWhere(error.where)).toMatch(/^admin\.conf:\d+:\d+/);
        }
      }),
      { numRuns: 120 },
    );
    expect(refused).toBeGreaterThan(10);
  });

  it('as bytes that are no text at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parseKubeconfig(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(KubetlsError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
