/** Every command: its words, its options, and where its code is. Nothing of a command is loaded before it is called. */
import type { CommandGroup, CommandSpec } from './command.ts';
import { adopt, apply, init, plan, up } from './command-table/cluster.ts';
import { check, explain, forecast, graph } from './command-table/judging.ts';
import { kubeconfigCommands } from './command-table/kubeconfig.ts';
import { inspect, openssl, verify } from './command-table/material.ts';
import { prove, renew, rescue } from './command-table/nodes.ts';

/** In the order of the help. */
export const commandTable: readonly (CommandSpec | CommandGroup)[] = [
  up,
  init,
  adopt,
  plan,
  apply,
  renew,
  rescue,
  prove,
  check,
  explain,
  forecast,
  graph,
  inspect,
  verify,
  kubeconfigCommands,
  openssl,
];
