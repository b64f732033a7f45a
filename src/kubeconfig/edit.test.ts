import { describe, expect, it } from 'vitest';
import {
  deleteEntry,
  type KubeconfigEdit,
  kubeconfigList,
  loadKubeconfigs,
  parseKubeconfig,
  renameContext,
  setContext,
  targetOf,
  useContext,
  writeKubeconfig,
} from './index.ts';

const files = {
  one: 'current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nx-note: kept\n',
  two: 'contexts: [{name: a, context: {cluster: hidden}}, {name: b, context: {namespace: n1, x-b: 1}}]\nclusters: [{name: c}]\n',
};
const loaded = () =>
  loadKubeconfigs(
    Object.entries(files).map(([file, text]) => ({ file, config: parseKubeconfig(text) })),
    'one',
  );
/** Each changed file, as it would be written. */
const written = ({ files }: KubeconfigEdit) =>
  Object.fromEntries(
    files.map(({ file, config }) => [file, Buffer.from(writeKubeconfig(config).reveal()).toString()]),
  );

describe('changes of several files', () => {
  it('writes an entry to the file that it came from, with what nobody knows', () => {
    const edit = setContext(loaded(), 'b', { namespace: 'n2' });
    expect(edit.message).toBe('Context "b" modified.');
    expect(Object.keys(written(edit))).toEqual(['two']);
    expect(written(edit)['two']).toMatch(/namespace: n2\n.*\n {4}x-b: 1\n/);
    expect(written(edit)['two']).toContain('cluster: hidden');
  });

  it('writes what is new, and the current context, to the target', () => {
    expect(Object.keys(written(setContext(loaded(), 'new', {})))).toEqual(['one']);
    const used = written(useContext(loaded(), 'b'));
    expect(used).toEqual({ one: expect.stringMatching(/current-context: b\n[^]*x-note: kept/) as string });
  });

  it('renames in both places when the context is current, each file once', () => {
    const edit = renameContext(
      loadKubeconfigs(
        [
          { file: 'one', config: parseKubeconfig('current-context: b') },
          { file: 'two', config: parseKubeconfig(files.two) },
        ],
        'one',
      ),
      'b',
      'c',
    );
    expect(written(edit)['one']).toContain('current-context: c');
    expect(written(edit)['two']).toMatch(/x-b: 1\n {2}name: c\n/);
    expect(written(edit)['two']).not.toContain('name: b');
  });

  it('deletes the first of two, so that the second comes to light', () => {
    const edit = deleteEntry(loaded(), 'context', 'a');
    expect(edit.warning).toContain('removed your active context');
    expect(written(edit)).toEqual({ one: expect.stringContaining('contexts: null') as string });
  });

  it('writes nothing when nothing changes', () => {
    expect(useContext(loaded(), 'a').files).toEqual([]);
    expect(setContext(loaded(), 'b', { namespace: 'n1' }).files).toEqual([]);
    expect(setContext(loaded(), undefined, { cluster: 'c' }).files).toEqual([]);
  });

  it('takes a field away by an empty text', () => {
    expect(written(setContext(loaded(), 'b', { namespace: '' }))['two']).not.toContain('namespace');
  });
});

describe('which files', () => {
  it('takes each file of the list once, and no empty name', () => {
    expect(kubeconfigList('a::b:a:', '/home/.kube/config', ':')).toEqual(['a', 'b']);
    expect(kubeconfigList('', '/home/.kube/config', ':')).toEqual(['/home/.kube/config']);
    expect(kubeconfigList(undefined, '/home/.kube/config', ':')).toEqual(['/home/.kube/config']);
  });

  it('writes to the first that is there, else to the last', () => {
    expect(targetOf(['a', 'b', 'c'], (file) => file === 'b')).toBe('b');
    expect(targetOf(['a', 'b', 'c'], () => false)).toBe('c');
    expect(targetOf(['a'], () => false)).toBe('a');
  });
});
