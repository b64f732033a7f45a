// One program of a cluster: started, asked whether it is ready, stopped, started again.
import path from 'node:path';
import { type ChildProgram, startProgram } from '../child-program.ts';
import type { Command } from './commands.ts';
import type { Namespace } from './namespace.ts';
import { until } from './until.ts';

export interface Component {
  /** `kube-apiserver@cp1` */
  readonly id: string;
  readonly logFile: string;
  /** Changes when it is restarted; 0 before it was ever started. */
  pid(): number;
  running(): boolean;
  /** Of all its runs. */
  log(): string;
  /** Of the last one. */
  lastLog(): string;
  /** Returns when it is ready. */
  start(): Promise<void>;
  /** SIGTERM; SIGKILL after `patience` milliseconds. */
  stop(patience?: number): Promise<void>;
  restart(): Promise<void>;
}

export interface ComponentSettings {
  id: string;
  command: Command;
  ready: () => Promise<boolean>;
  /** Started again when it ends by itself, as a kubelet does with a static pod: who loses its lease ends. */
  supervised?: boolean;
  /** kubeadm runs it as a static pod. */
  pod?: true;
}

const GRACE = 30_000; // milliseconds; a kubelet gives a static pod as much

export function componentIn(
  namespace: Namespace,
  logs: string,
  { id, command, ready, supervised = false }: ComponentSettings,
): Component {
  const logFile = path.join(logs, `${id}.log`);
  let program: ChildProgram | undefined;
  let wanted = false;
  let earlier = 0; // characters of the log that are of earlier runs
  const log = () => program?.log() ?? '';
  const launch = async (): Promise<ChildProgram> => {
    earlier = log().length;
    const started = await startProgram(namespace.inside(command), { logFile, env: { HOME: logs } });
    program = started;
    if (supervised) void started.end.then(() => (wanted ? launch() : undefined));
    return started;
  };
  const lastLines = () => log().split('\n').slice(-15).join('\n');
  const component: Component = {
    id,
    logFile,
    pid: () => program?.pid ?? 0,
    running: () => program !== undefined && !program.ended(),
    log,
    lastLog: () => log().slice(earlier),
    async start() {
      const started = await launch();
      await until(
        `${id} is ready`,
        async () => {
          if (started.ended()) throw new Error(`${id} has ended:\n${lastLines()}`);
          return ready();
        },
        { why: lastLines },
      );
      wanted = true;
    },
    async stop(patience = GRACE) {
      wanted = false;
      await program?.stop(patience);
    },
    async restart() {
      await component.stop();
      await component.start();
    },
  };
  return component;
}
