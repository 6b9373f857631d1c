export { type Console, startConsole } from './start-console.ts';
