// Draws what Kaoto's canvas shows of the routes of a file, from the nodes of its model, as SVG.

const BOX = { width: 150, height: 44, gap: 26, padding: 14, title: 26 };

/** Those of its children that are ways of their own, which the canvas has below the others. */
const BRANCHES = ['doCatch', 'doFinally', 'when', 'otherwise', 'onFallback'];

const escape = text => text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]));

/** A text in lines of at most so many characters. */
function fold(text, most) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line && line.length + 1 + word.length > most) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
  }
  return lines;
}

/** A node with its place to the upper left of it, and its size. */
function layout(node) {
  const children = (node.getChildren() ?? []).filter(child => !child.data.isPlaceholder);
  const label = node.getNodeLabel('description');
  if (children.length === 0) {
    return { label, width: BOX.width, height: BOX.height, row: [], branches: [] };
  }
  const place = child => ({ ...layout(child), x: 0, y: 0 });
  const row = children.filter(child => !BRANCHES.includes(child.data.name)).map(place);
  const branches = children.filter(child => BRANCHES.includes(child.data.name)).map(place);
  let x = BOX.padding;
  const rowHeight = Math.max(0, ...row.map(child => child.height));
  for (const child of row) {
    child.x = x;
    child.y = BOX.title + (rowHeight - child.height) / 2;
    x += child.width + BOX.gap;
  }
  let width = Math.max(BOX.width, x - BOX.gap);
  let y = BOX.title + rowHeight + (row.length > 0 ? BOX.padding : 0);
  for (const child of branches) {
    child.x = BOX.padding;
    child.y = y;
    y += child.height + BOX.padding;
    width = Math.max(width, BOX.padding + child.width);
  }
  return { label, width: Math.max(width, 7 * label.length) + BOX.padding, height: y, row, branches };
}

function draw(box, x, y) {
  if (box.row.length + box.branches.length === 0) {
    const lines = fold(box.label, 22);
    const first = y + box.height / 2 + 4 - (lines.length - 1) * 7.5;
    return [`<rect class="step" x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="8"/>`,
      ...lines.map((line, i) => `<text class="label" x="${x + box.width / 2}" y="${first + 15 * i}">${escape(line)}</text>`)];
  }
  const arrows = box.row.slice(1).map((child, i) => {
    const before = box.row[i];
    const at = y + child.y + child.height / 2;
    return `<path class="arrow" d="M${x + before.x + before.width} ${at}H${x + child.x - 3}"/>`;
  });
  return [`<rect class="group" x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="10"/>`,
    `<text class="title" x="${x + BOX.padding}" y="${y + 18}">${escape(box.label)}</text>`,
    ...arrows,
    ...[...box.row, ...box.branches].flatMap(child => draw(child, x + child.x, y + child.y))];
}

/**
 * @param nodes the routes of a file
 * @returns an SVG that needs nothing beside it
 */
export function canvas(nodes) {
  const routes = nodes.map(layout);
  let y = 10;
  const parts = routes.flatMap(route => {
    const drawn = draw(route, 10, y);
    y += route.height + 20;
    return drawn;
  });
  const width = Math.max(...routes.map(route => route.width)) + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y - 10}" width="${width}" height="${y - 10}">
<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2933 }
  .label { text-anchor: middle }
  .title { font-weight: 600 }
  .step { fill: #fff; stroke: #4b6b8a }
  .group { fill: #e8eef4; fill-opacity: .6; stroke: #9fb3c8 }
  .arrow { stroke: #4b6b8a; marker-end: url(#end) }
</style>
<defs><marker id="end" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z" fill="#4b6b8a"/></marker></defs>
<rect width="100%" height="100%" fill="#f7f9fb"/>
${parts.join('\n')}
</svg>
`;
}
