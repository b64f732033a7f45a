// One program of a cluster: started, asked whether it is ready, stopped, started again.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Returns when it is ready; when it runs, where it is not `expected` to be well. */
  start(expected?: boolean): Promise<void>;
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
/** From one start of what ends again at once to the next; milliseconds. */
const BACK_OFF = 1_000;

export function componentIn(
  namespace: Namespace,
  logs: string,
  { id, command, ready, supervised = false }: ComponentSettings,
): Component {
  const logFile = path.join(logs, `${id}.log`);
  let program: ChildProgram | undefined;
  let launched: Promise<ChildProgram> | undefined;
  let wanted = false;
  let earlier = 0; // characters of the log that are of earlier runs
  const log = () => program?.log() ?? '';
  const launch = async (): Promise<ChildProgram> => {
    earlier = log().length;
    const began = Date.now();
    launched = startProgram(namespace.inside(command), { logFile, env: { HOME: logs } });
    const started = await launched;
    program = started;
    if (supervised) void started.end.then(() => again(started, began));
    return started;
  };
  const again = async (ended: ChildProgram, began: number): Promise<void> => {
    if (wanted) await sleep(Math.max(0, began + BACK_OFF - Date.now()));
    if (wanted && program === ended) await launch();
  };
  const lastLines = () => log().split('\n').slice(-15).join('\n');
  const component: Component = {
    id,
    logFile,
    pid: () => program?.pid ?? 0,
    running: () => program !== undefined && !program.ended(),
    log,
    lastLog: () => log().slice(earlier),
    async start(expected = true) {
      const started = await launch();
      if (!expected) {
        wanted = true;
        return;
      }
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
      await launched;
      await program?.stop(patience);
    },
    async restart() {
      await component.stop();
      await component.start();
    },
  };
  return component;
}
