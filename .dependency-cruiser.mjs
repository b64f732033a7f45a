// Reads the floors from test/rooms/layers.ts: one table for this check and for the tests.
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const source = readFileSync(new URL('./test/rooms/layers.ts', import.meta.url), 'utf8');
const { code } = transformSync(source, { loader: 'ts', format: 'esm' });
const { rooms } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const forbidden = rooms.flatMap((room) => {
  const allowed = rooms.filter((other) => other.floor < room.floor || room.uses.includes(other.name));
  const names = [room.name, ...allowed.map(({ name }) => name)].join('|');
  return [
    {
      name: `${room.name} reaches only down`,
      comment: room.reason,
      severity: 'error',
      from: { path: `^src/${room.name}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: `^src/(${names})/` },
    },
    {
      name: `${room.name} is entered by its door`,
      comment: 'what a room does not list in its index.ts is its own business',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${room.name}/|\\.test\\.ts$` },
      to: { path: `^src/${room.name}/`, pathNot: `^src/${room.name}/index\\.ts$` },
    },
  ];
});

export default {
  forbidden: [
    ...forbidden,
    {
      name: 'no circles',
      comment: 'two files that need each other are one file',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
