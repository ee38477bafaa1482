// Opens routes in the model of Kaoto's editor and saves them, as the editor would, without a browser.
//   node kaoto.mjs FOLDER...           fails where a file is not as Kaoto saves it
//   node kaoto.mjs --write FOLDER...   saves the files
// A folder is searched with those in it.
import { build } from 'esbuild';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { canvas } from './canvas.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** The parameter that a component's URI has as its path. A form of Kaoto takes the URI apart by it. */
const PATHS = {
  direct: 'name', seda: 'name', timer: 'timerName', sql: 'query', 'platform-http': 'path', http: 'httpUri', https: 'httpUri',
};

/** What Kaoto shows as something else than it is, or not at all, is none of these. */
const KNOWN = ['route', 'beans', 'routeConfiguration'];

/** Pictures of what the canvas shows, by the file that it is of. They are written, and looked at, with it. */
const PICTURES = { 'routes/contractflow.camel.yaml': 'docs/contract-canvas.svg' };

/** The model stands in a package with the screens, which need a browser. */
async function kaoto() {
  const folder = mkdtempSync(join(tmpdir(), 'kaoto-'));
  try {
    const bundle = join(folder, 'model.mjs');
    await build({
      entryPoints: [join(here, 'node_modules/@kaoto/kaoto/lib/models/camel/camel-resource-factory.js')],
      outfile: bundle, bundle: true, format: 'esm', platform: 'node', logLevel: 'error',
      loader: Object.fromEntries(['.svg', '.png', '.gif', '.scss', '.css'].map(type => [type, 'empty'])),
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
          + 'globalThis.window ??= globalThis; globalThis.DOMParser ??= class {};',
      },
      plugins: [{
        name: 'screens',
        setup: it => it.onResolve(
          { filter: /^(react|react-dom|@patternfly\/.*|monaco-.*|react-monaco-editor)(\/.*)?$/ },
          () => ({ path: join(here, 'stub/index.js') })),
      }],
    });
    return (await import(pathToFileURL(bundle))).CamelResourceFactory;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each endpoint as a component and its parameters; null where all are written like that. */
function split(text) {
  let changed = false;
  const visit = node => {
    if (Array.isArray(node)) {
      return node.map(visit);
    }
    if (node === null || typeof node !== 'object') {
      return node;
    }
    const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
    const [, scheme, path] = /^([a-z-]+):(.+)$/.exec(copy.uri) ?? (/^\{\{[^}]*url}}/.test(copy.uri) ? [, 'https', copy.uri] : []);
    if (!(scheme in PATHS)) {
      return copy;
    }
    changed = true;
    const { uri, parameters, ...others } = copy;
    const { steps, ...options } = others;
    return { uri: scheme, ...options, parameters: { [PATHS[scheme]]: path, ...parameters }, ...(steps ? { steps } : {}) };
  };
  const routes = visit(parse(text));
  return changed ? text.match(/^(?:#.*\n)*/)[0] + stringify(routes, { lineWidth: 0 }) : null;
}

/** What a file says, whatever the order of its keys and parts. */
function meaning(text) {
  const sorted = node => Array.isArray(node) ? node.map(sorted)
    : node !== null && typeof node === 'object' ? Object.fromEntries(Object.keys(node).sort().map(key => [key, sorted(node[key])]))
    : node;
  return parse(text).map(part => JSON.stringify(sorted(part))).sort();
}

function files(path) {
  return statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true }).filter(name => name.endsWith('.camel.yaml')).sort().map(name => join(path, name))
    : [path];
}

const write = process.argv[2] === '--write';
const paths = process.argv.slice(write ? 3 : 2).flatMap(files);
const factory = await kaoto();
let faults = 0;
const fault = (path, message) => {
  faults++;
  console.error(`${path}: ${message}`);
};
for (const path of paths) {
  const text = readFileSync(path, 'utf8');
  const whole = split(text) ?? text;
  const resource = factory.createCamelResource(whole, { path });
  await resource.initialize?.();
  const saved = await resource.toSourceCode();
  const unknown = resource.getEntities().filter(entity => !KNOWN.includes(entity.type));
  if (unknown.length > 0 || !isDeepStrictEqual(meaning(whole), meaning(saved))) {
    fault(path, 'Kaoto does not keep what it says');
  } else if (saved !== text) {
    if (write) {
      writeFileSync(path, saved);
    } else {
      fault(path, 'is not as Kaoto saves it; node kaoto.mjs --write saves it');
    }
  }
  if (path in PICTURES) {
    const routes = resource.getVisualEntities().filter(entity => entity.type === 'route');
    const picture = canvas(await Promise.all(routes.map(route => route.toVizNode())));
    if (write) {
      writeFileSync(PICTURES[path], picture);
    } else if (!existsSync(PICTURES[path]) || readFileSync(PICTURES[path], 'utf8') !== picture) {
      fault(PICTURES[path], `is not the canvas of ${path}; node kaoto.mjs --write draws it`);
    }
  }
}
console.log(`${paths.length} files, ${faults} faults`);
process.exit(paths.length === 0 || faults > 0 ? 1 : 0);
