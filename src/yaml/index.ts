export { composeYaml, type YamlBounds, type YamlProblem } from './compose.ts';
export { readSimpleYaml, type SimpleForm } from './simple.ts';
