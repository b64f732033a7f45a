import { resolve } from 'node:path';
import { expectedFailure, KubetlsError, toRfc3339 } from '../../../base/index.ts';
import { type AuditedFile, auditKubeconfigs, type Finding, unloadableFile } from '../../../audit/index.ts';
import { locateKubeconfig } from '../../../kubeconfig/index.ts';
import type { CommandOptions } from '../../command.ts';
import { type CliCode, type Context, usage } from '../../context.ts';
import { Exit } from '../../exit.ts';
import { findingsSummary, printFindings } from '../../findings-view.ts';
import { askServers } from '../../kubeconfig/ask-servers.ts';
import { kubeconfigFiles, readIfThere } from '../../kubeconfig/files.ts';
import { modeOf, runs } from '../../kubeconfig/outside.ts';
import { shownPath } from '../../text.ts';

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console, at } = context;
  const ask = options['askServer'] === true;
  if (ask && context.elsewhen) throw usage('--at and --ask-server: a server looks at its own clock');
  const { files, findings: unloadable } = loaded(
    kubeconfigFiles(options['kubeconfig'] as string | undefined),
  );
  const read = (path: string) => attempt(() => readIfThere(path));
  const seen = ask ? await askServers(context, files, read) : undefined;
  const world = { at, read, mode: modeOf, runs, seen: (name: string) => seen?.get(name) };
  const findings = [...unloadable, ...auditKubeconfigs(files, world)].map(nearby);
  if (console.json) {
    console.printJson({
      schema: 'kubetls/kubeconfig-doctor/v1',
      at: toRfc3339(at),
      findings,
      summary: findingsSummary(findings),
    });
  } else {
    const looked = [...files.map(({ file }) => file), ...unloadable.map(({ where }) => where.file ?? '')];
    printFindings(console, findings, looked.map(shownPath).join(', '));
  }
  if (findings.some(({ severity }) => severity === 'error')) return Exit.no;
  return findings.some(({ id }) => id === 'server-unseen') ? Exit.unknown : Exit.ok;
}

interface Loaded {
  readonly files: readonly AuditedFile[];
  readonly findings: readonly Finding[];
}

function loaded(names: readonly string[]): Loaded {
  const files: AuditedFile[] = [];
  const findings: Finding[] = [];
  for (const name of names) {
    const file = resolve(name);
    try {
      const bytes = readIfThere(file);
      if (bytes) files.push({ ...locateKubeconfig(bytes, file), file, mode: modeOf(file) });
    } catch (error) {
      const { code, message, where } = expectedFailure(error);
      findings.push(unloadableFile({ code, message, where: { file, ...where } }));
    }
  }
  if (files.length === 0 && findings.length === 0) throw nothingThere(names);
  return { files, findings };
}

function nothingThere(names: readonly string[]): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/file',
    message: `there is no kubeconfig: ${names.map(shownPath).join(', ')}`,
    hint: 'name one with --kubeconfig',
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expectedFailure(error);
    return undefined;
  }
}

function nearby(finding: Finding): Finding {
  const { where } = finding;
  return where.file === undefined
    ? finding
    : { ...finding, where: { ...where, file: shownPath(where.file) } };
}
