// Checks config/schema.json with ajv, which knows nothing of RegWatch: what ships must pass, and the
// configs that the loader's tests refuse must fail, unless their heading says that what is wrong with
// them is beyond a schema.
//
// usage: node check.js REPOSITORY AJV-FOLDER; ends with 77 where there is no ajv, unless
// REGWATCH_NEEDS_AJV is set.
'use strict';
const fs = require('fs');
const path = require('path');

const [root, ajvFolder] = process.argv.slice(2).map((folder) => path.resolve(folder));
const module_ = path.join(ajvFolder, 'node_modules', 'ajv');
if (!fs.existsSync(module_)) {
  console.log(`skipped: there is no ajv in ${ajvFolder}; .ci/setup-debian.sh --tests puts it there`);
  process.exit(process.env.REGWATCH_NEEDS_AJV ? 1 : 77);
}
const Ajv = require(module_);
const read = (...parts) => fs.readFileSync(path.join(root, ...parts), 'utf8').replace(/\r/g, '');

// JSON has no comments, and the configs do.
function withoutComments(text) {
  return text.replace(/"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
                      (found) => (found.startsWith('"') ? found : ' '));
}

const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
  .compile(JSON.parse(read('config', 'schema.json')));
let wrong = 0;
const complain = (what) => {
  wrong += 1;
  console.log(what);
};

let accepted = 0;
const packs = fs.readdirSync(path.join(root, 'config', 'packs')).map((name) => path.join('packs', name));
for (const file of ['regwatch.json', ...packs]) {
  accepted += 1;
  if (!validate(JSON.parse(withoutComments(read('config', file)))))
    complain(`config/${file} is refused: ${JSON.stringify(validate.errors, null, 1)}`);
}
const documentation = read('config', 'README.md');
for (const [, block] of documentation.matchAll(/```json\n(\{[\s\S]*?\n\})\n```/g)) {
  const config = JSON.parse(withoutComments(block));
  if (!config.watches && !config.include) continue;
  accepted += 1;
  if (!validate(config)) complain(`refused: ${block} ${JSON.stringify(validate.errors, null, 1)}`);
}

let refused = 0;
let beyond = 0;
for (const file of fs.readdirSync(path.join(root, 'tests', 'unit', 'settings'))) {
  if (file === 'refused_json.txt') continue;  // no JSON at all
  for (const block of read('tests', 'unit', 'settings', file).split(/^=== /m).slice(1)) {
    const [heading] = block.split('\n', 1);
    const text = block.slice(heading.length + 1).split('\n---\n', 1)[0];
    const isBeyond = heading.endsWith('(beyond the schema)');
    const passes = validate(JSON.parse(withoutComments(text)));
    if (isBeyond) beyond += 1;
    else refused += 1;
    if (passes && !isBeyond) complain(`${file}: the schema accepts "${heading}"`);
    if (!passes && isBeyond) complain(`${file}: the schema refuses "${heading}" after all`);
  }
}
console.log(`${accepted} accepted, ${refused} refused, ${beyond} beyond the schema, ${wrong} wrong`);
process.exit(wrong === 0 && accepted >= 14 && refused >= 70 ? 0 : 1);
