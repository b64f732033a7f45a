/** One planted fault for each check of a tree. */
import { plantedChains, plantedKeys } from './chains.ts';
import { plantedKubeconfigs } from './kubeconfigs.ts';
import { plantedExpiry, plantedNames, plantedRoles, plantedUsages } from './names.ts';
import {
  plantedAlgorithms,
  plantedAuthorities,
  plantedEdges,
  plantedFiles,
  plantedLists,
  plantedNodes,
  plantedStrict,
} from './tree.ts';
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
];
