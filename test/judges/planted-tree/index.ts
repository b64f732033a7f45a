/** One planted fault for each check of a tree. */
import { plantedChains, plantedKeys } from './chains.ts';
import { plantedKubeconfigs } from './kubeconfigs.ts';
import { plantedExpiry, plantedNames, plantedRoles, plantedUsages } from './names.ts';
import { plantedAuthorities, plantedNodes } from './authorities.ts';
import { plantedAlgorithms, plantedEdges, plantedFiles, plantedLists, plantedStrict } from './files.ts';
import { plantedLive } from './live.ts';
import type { TreePlant } from './types.ts';

export type { TreePlant };

export const treePlants: readonly TreePlant[] = [
  ...plantedChains,
  ...plantedKeys,
  ...plantedExpiry,
  ...plantedNames,
  ...plantedUsages,
  ...plantedRoles,
  ...plantedAuthorities,
  ...plantedNodes,
  ...plantedFiles,
  ...plantedAlgorithms,
  ...plantedStrict,
  ...plantedLists,
  ...plantedEdges,
  ...plantedKubeconfigs,
  ...plantedLive,
];
