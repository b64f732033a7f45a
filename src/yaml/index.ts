export { composeYaml, type YamlBounds, type YamlProblem } from './compose.ts';
