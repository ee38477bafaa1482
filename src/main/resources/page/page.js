'use strict';

// What comes from feeds and APIs is data: it is set as text, never as markup.

const BUSY_MS = 1000;
const IDLE_MS = 5000;
const PATIENCE_MS = 8000;
const PAGE = 100;

const byId = id => document.getElementById(id);
const whole = new Intl.NumberFormat('en');
const one = new Intl.NumberFormat('en', {minimumFractionDigits: 1, maximumFractionDigits: 1});
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit'});
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});

/** Held here and nowhere else, so that it goes with the page. */
let token = null;
let state = {runs: [], may_act: false, replaying: false, replay_problem: null};
let lastRuns = [];
let reasons = [];
let chosenRun = null;
let openReason = null;
let askedReason = null;
let awaySince = null;
let told = '';

const number = value => value == null ? '–' : whole.format(value);
const count = (n, word) => `${whole.format(n)} ${word}${n === 1 ? '' : 's'}`;

function duration(seconds) {
  if (seconds == null) {
    return '?';
  }
  const s = Math.round(seconds);
  const two = n => String(n).padStart(2, '0');
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** What the server says about why it did not answer, or that it did not. */
class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(path, {cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS), ...options});
  const body = await answer.json().catch(() => null);
  if (!answer.ok) {
    throw new Refusal(answer.status, body?.detail ?? `the server answers ${answer.status}`);
  }
  return body;
}

// --- Elements -----------------------------------------------------------------------------------

/** Makes the text of an element what it should be; one that is the same already is left alone. */
function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function show(element, visible) {
  if (element.hidden === visible) {
    element.hidden = !visible;
  }
}

/** Makes an element's children those of the items, each by its key, so that what has the focus keeps it. */
function sync(parent, items, key, create, update) {
  const left = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let child = left.get(name);
    left.delete(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    update(child, item);
    if (child === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(child, place);
    }
  }
  left.forEach(child => child.remove());
}

/** A row of a table, with a cell for each [label, class], where the label is for a phone; the first one names the row. */
function row(cells) {
  const tr = document.createElement('tr');
  cells.forEach(([label, kind], i) => {
    const cell = document.createElement(i === 0 ? 'th' : 'td');
    if (i === 0) {
      cell.scope = 'row';
    }
    if (label) {
      cell.dataset.label = label;
    }
    if (kind) {
      cell.className = kind;
    }
    tr.append(cell);
  });
  return tr;
}

function button(text, kind, action) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.className = kind;
  made.addEventListener('click', action);
  return made;
}

/** A word and, below it, the reason of it. */
function explain(cell, word, why) {
  const text = document.createElement('span');
  text.className = 'why';
  text.textContent = why ?? '';
  cell.replaceChildren(word, ...(why ? [text] : []));
}

// --- The run that is going on -------------------------------------------------------------------

function showWorking() {
  sync(byId('working'), state.runs, run => run.run_id,
    () => byId('run-template').content.firstElementChild.cloneNode(true), showRun);
  const last = lastRuns.find(run => run.status !== 'running');
  show(byId('idle'), state.runs.length === 0);
  say(byId('idle'), last
    ? `Nothing is running here. Run ${last.run_id} of ${last.feed} was ${last.status} at ${day.format(new Date(last.finished_at))}.`
    : 'Nothing is running here.');
  const first = state.runs[0];
  document.title = first ? `${percent(first)} % of run ${first.run_id} – ContractFlow` : 'ContractFlow';
}

const percent = run => run.rows === 0 ? 100 : Math.floor(100 * run.done / run.rows);

function showRun(card, run) {
  const part = name => card.querySelector(`[data-is=${name}]`);
  say(part('feed'), run.feed);
  say(part('name'), `run ${run.run_id}`);
  show(part('stopping'), run.stopping != null);
  say(part('stopping'), `Takes on no more contracts: ${run.stopping}`);
  show(part('waiting'), run.waiting != null);
  say(part('waiting'), run.waiting ?? '');
  const progress = card.querySelector('progress');
  progress.max = Math.max(1, run.rows);
  progress.value = run.rows === 0 ? 1 : run.done;
  progress.setAttribute('aria-label', `Progress of run ${run.run_id}`);
  say(part('percent'), `${percent(run)} %`);
  say(part('done'), `${number(run.done)} of ${number(run.rows)}`);
  say(part('rate'), one.format(run.per_second));
  say(part('left'), duration(run.seconds_left));
  say(part('dead'), number(run.dead));
  show(part('deadline').parentElement, run.deadline != null);
  part('deadline').className = run.late ? 'late' : '';
  say(part('deadline'), run.deadline ? clock.format(new Date(run.deadline)) + (run.late ? ', will be missed' : '') : '');
  sync(card.querySelector('tbody'), run.apis, api => api.api,
    () => row([[''], ['State', 'state'], ['In flight', 'number'], ['Calls', 'number'], ['Mean', 'number']]), showApi);
}

function showApi(tr, api) {
  const [name, condition, flying, calls, mean] = tr.children;
  say(name, api.api);
  say(condition, api.state === 'paused' ? `paused ${api.pause_seconds} s` : api.state);
  condition.className = `state ${{ok: 'good', paused: 'warn'}[api.state] ?? 'bad'}`;
  say(flying, `${api.in_flight} of ${api.limit}`);
  say(calls, number(api.calls));
  say(mean, api.calls === 0 ? '–' : `${whole.format(Math.round(1000 * api.call_seconds / api.calls))} ms`);
}

/** Tells who does not see the page what has changed, but not every second. */
function tellNews() {
  const news = state.runs.map(run => {
    const apis = run.apis.filter(api => api.state !== 'ok').map(api => `${api.api} ${api.state}`);
    return `run ${run.run_id}: ${Math.floor(percent(run) / 10) * 10} % done`
      + (run.late ? ', the deadline will be missed' : '') + (apis.length ? `, ${apis.join(', ')}` : '');
  }).join('; ') || 'nothing is running';
  if (news !== told) {
    told = news;
    say(byId('news'), news);
  }
}

// --- How a run went on --------------------------------------------------------------------------

const charts = {};
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function draw(name, data, labels) {
  const holder = byId(name);
  const shape = JSON.stringify(labels);
  if (charts[name]?.shape !== shape) {
    charts[name]?.plot.destroy();
    const axis = {stroke: colour('--muted'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}, font: '11px system-ui'};
    const colours = ['--accent', '--second', '--third', '--muted'];
    const plot = new uPlot({
      width: Math.max(200, holder.clientWidth), height: 180,
      legend: {show: false},
      cursor: {show: false},
      padding: [12, 24, 0, 0],
      scales: {x: {time: false}, y: {range: (u, min, max) => [0, Math.max(1, max * 1.1)]}},
      axes: [
        {...axis, values: (u, ticks) => ticks.map(duration), space: 70, size: 26, incrs: TICKS_S},
        {...axis, values: (u, ticks) => ticks.map(tick => whole.format(tick)), size: 48},
      ],
      series: [{}, ...labels.map((label, i) => ({
        label, width: 1.5, spanGaps: true, points: {show: false},
        stroke: colour(colours[Math.min(i, colours.length - 1)]),
      }))],
    }, data, holder);
    charts[name] = {shape, plot};
  } else {
    charts[name].plot.setData(data);
  }
}

function redraw() {
  Object.entries(charts).forEach(([name, {plot}]) => {
    plot.destroy();
    delete charts[name];
    byId(name).replaceChildren();
  });
  refreshCourse();
}

/** The run that was chosen, else the one that is going on, else the last one. */
function shownRun() {
  return chosenRun ?? state.runs[0]?.run_id ?? lastRuns[0]?.run_id ?? null;
}

async function refreshCourse() {
  const run = shownRun();
  if (run == null) {
    return;
  }
  const points = await ask(`api/samples?run=${run}`);
  show(byId('course'), points.length > 1);
  if (points.length < 2 || run !== shownRun()) {
    return;
  }
  const feed = [...state.runs, ...lastRuns].find(known => known.run_id === run)?.feed ?? '';
  say(byId('course-title'), `Run ${run} of ${feed}`);
  const seconds = points.map(point => point.seconds);
  draw('throughput', [seconds, points.map(point => point.per_second)], ['contracts a second']);
  const apis = [...new Set(points.flatMap(point => Object.keys(point.latency_ms ?? {})))].sort();
  draw('latency', [seconds, ...apis.map(api => points.map(point => point.latency_ms?.[api] ?? null))], apis);
  sync(byId('apis'), apis, api => api, () => document.createElement('span'), (span, api) => say(span, api));
  const last = points[points.length - 1];
  byId('throughput').setAttribute('aria-label',
    `Contracts a second over ${duration(last.seconds)}, at last ${one.format(last.per_second ?? 0)}; ${number(last.done)} done`);
  byId('latency').setAttribute('aria-label',
    `Mean latency, at last ${apis.map(api => `${api} ${number(last.latency_ms?.[api])} ms`).join(', ')}`);
}

// --- Dead letters -------------------------------------------------------------------------------

function showReasons() {
  show(byId('reasons'), reasons.length > 0);
  show(byId('no-letters'), reasons.length === 0);
  sync(byId('reasons').tBodies[0], reasons, item => item.reason, item => {
    const tr = row([[''], ['Stage'], ['Letters', 'number'], ['', 'actions']]);
    tr.lastElementChild.append(
      button('Rows', '', () => openRows(item.reason)),
      button('Replay …', 'replay', () => askReplay(item.reason)));
    return tr;
  }, (tr, item) => {
    const [reason, stage, letters, actions] = tr.children;
    say(reason, item.reason);
    say(stage, Object.entries(item.stages).map(([name, n]) => `${name} ${number(n)}`).join(', '));
    say(letters, number(item.letters));
    const [rows, replay] = actions.children;
    rows.setAttribute('aria-label', `Rows of ${item.reason}`);
    replay.setAttribute('aria-label', `Replay ${item.reason}`);
    show(replay, state.may_act && item.replayable > 0);
    replay.disabled = state.replaying;
  });
}

function note(problem) {
  const text = problem ?? (state.replay_problem ? `The last replay has ended early: ${state.replay_problem}` : '');
  show(byId('letters-note'), text !== '');
  say(byId('letters-note'), text);
}

async function openRows(reason) {
  openReason = reason;
  await showRows(0);
  byId('rows-title').focus();
}

async function showRows(after) {
  const reason = openReason;
  try {
    const letters = await ask(`api/dead-letters?${new URLSearchParams({reason, after})}`);
    if (reason !== openReason) {
      return;
    }
    show(byId('letters'), true);
    say(byId('rows-title'), reason);
    sync(byId('rows').tBodies[0], letters, letter => letter.dead_letter_id, newLetter, showLetter);
    const last = letters.at(-1)?.dead_letter_id;
    byId('next').disabled = letters.length < PAGE;
    byId('next').onclick = () => turn(last);
    byId('first').disabled = after === 0;
  } catch (failure) {
    note(failure.message);
  }
}

async function turn(after) {
  await showRows(after);
  byId('rows-title').focus();
}

function newLetter() {
  const tr = row([['Letter', 'number'], ['Run', 'number'], ['Contract'], ['Customer'], ['Line', 'number'], ['Stage'], ['', 'wide'],
    ['', 'wide']]);
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Row';
  details.append(summary, document.createElement('pre'));
  tr.lastElementChild.append(details);
  return tr;
}

function showLetter(tr, letter) {
  const [id, run, contract, customer, line, stage, error, source] = tr.children;
  say(id, String(letter.dead_letter_id));
  say(run, String(letter.run_id));
  say(contract, letter.contract_id ?? '–');
  say(customer, letter.customer_id ?? '–');
  say(line, number(letter.line_number));
  say(stage, letter.stage);
  say(error, letter.error + (letter.attempts > 1 ? ` (tried ${letter.attempts} times)` : ''));
  say(source.querySelector('pre'), letter.row);
}

function closeRows() {
  const reason = openReason;
  openReason = null;
  show(byId('letters'), false);
  [...byId('reasons').tBodies[0].children].find(tr => tr.dataset.key === reason)?.querySelector('button').focus();
}

// --- Replay -------------------------------------------------------------------------------------

async function askReplay(reason) {
  askedReason = reason;
  await refreshReasons();
  const item = reasons.find(known => known.reason === reason);
  if (!item || item.replayable === 0) {
    note('Nothing of that reason is left to replay.');
    return;
  }
  say(byId('replay-title'), `Replay ${count(item.replayable, 'dead letter')}?`);
  say(byId('replay-text'), `Each failed with “${reason}”. It is worked on once more, and only what is missing is asked for.`);
  askToken();
  byId('replay').showModal();
  (token === null ? byId('token') : byId('replay-yes')).focus();
}

function askToken(problem) {
  show(byId('token-field'), token === null);
  byId('token').required = token === null;
  show(byId('replay-problem'), problem !== undefined);
  say(byId('replay-problem'), problem ?? '');
}

async function replay(event) {
  event.preventDefault();
  const yes = byId('replay-yes');
  if (yes.disabled) {
    return;
  }
  yes.disabled = true;
  const shown = token ?? byId('token').value.trim();
  try {
    await ask('api/replay', {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'Authorization': `Bearer ${shown}`},
      body: JSON.stringify({reason: askedReason}),
    });
    token = shown;
    byId('replay').close();
    say(byId('news'), 'The replay has begun.');
    await refreshAll();
  } catch (failure) {
    if (failure.status === 401) {
      token = null;
    } else if (failure.status) {
      token = shown;
    }
    askToken(failure.status ? failure.message : 'The server does not answer.');
    if (failure.status === 401) {
      byId('token').focus();
      byId('token').select();
    }
  } finally {
    yes.disabled = false;
  }
}

// --- The last runs ------------------------------------------------------------------------------

/** Why the run ended as it did, and what its numbers do not say. */
function explanation(run) {
  const unfinished = run.status === 'running' || run.status === 'incomplete';
  return [
    run.reason,
    run.outdated > 0 && `${number(run.outdated)} unchanged since the table has a later month than ${run.usage_period}`,
    unfinished && run.superseded_by != null && `superseded by run ${run.superseded_by}`,
  ].filter(Boolean).join('; ');
}

function showLastRuns() {
  sync(byId('runs').tBodies[0], lastRuns, run => run.run_id, run => {
    const tr = row([['Run'], ['Feed', 'wide'], ['Status', 'wide'], ['Rows', 'number'], ['Loaded', 'number'], ['Unchanged', 'number'],
      ['Dead', 'number'], ['Pending', 'number'], ['Started'], ['Took', 'number']]);
    const choose = button(`${run.run_id}`, 'plain', () => chooseRun(run.run_id));
    choose.setAttribute('aria-label', `Run ${run.run_id}, show how it went on`);
    tr.firstElementChild.append(choose);
    return tr;
  }, (tr, run) => {
    const [, feed, status, rows, loaded, unchanged, dead, pending, started, took] = tr.children;
    say(feed, run.feed);
    const why = explanation(run);
    if (status.textContent !== run.status + why) {
      explain(status, run.status, why || null);
      status.className = `wide state ${{complete: 'good', running: '', incomplete: 'warn'}[run.status] ?? 'bad'}`;
    }
    say(rows, number(run.rows));
    say(loaded, number(run.loaded));
    say(unchanged, number(run.unchanged));
    say(dead, number(run.dead));
    say(pending, number(run.pending));
    say(started, day.format(new Date(run.started_at)));
    say(took, run.status === 'running' ? '…' : duration(run.seconds));
  });
}

async function chooseRun(run) {
  chosenRun = run;
  await refreshCourse().catch(() => {});
  byId('course-title').focus();
  byId('course').scrollIntoView({block: 'nearest'});
}

// --- Keeping up ---------------------------------------------------------------------------------

async function refreshState() {
  const before = state.runs.map(run => run.run_id).join();
  state = await ask('api/status');
  if (state.runs.length && state.runs.map(run => run.run_id).join() !== before) {
    chosenRun = null;
  }
  showWorking();
  tellNews();
}

async function refreshReasons() {
  reasons = await ask('api/reasons');
  showReasons();
}

async function refreshLastRuns() {
  lastRuns = await ask('api/runs');
  showLastRuns();
  showWorking();
}

/** What is in the database. The state of the runs is not, so it is shown whether or not the database answers. */
async function refreshData() {
  try {
    await refreshLastRuns();
    await refreshReasons();
    await refreshCourse();
    note();
  } catch (failure) {
    if (!failure.status) {
      throw failure;
    }
    note(failure.message);
  }
}

async function refreshAll() {
  try {
    await refreshState();
    await refreshData();
    awaySince = null;
    say(byId('contact'), 'Reachable');
  } catch (failure) {
    awaySince ??= new Date();
    say(byId('contact'), failure.status ? `Refused: ${failure.message}` : `Not reachable since ${clock.format(awaySince)}`);
  }
  byId('contact').classList.toggle('away', awaySince !== null);
}

async function keepUp() {
  await refreshAll();
  setTimeout(keepUp, state.runs.length && awaySince === null ? BUSY_MS : IDLE_MS);
}

byId('first').addEventListener('click', () => turn(0));
byId('close').addEventListener('click', closeRows);
byId('replay-form').addEventListener('submit', replay);
byId('replay-no').addEventListener('click', () => byId('replay').close());
byId('replay').addEventListener('close', () => { byId('token').value = ''; });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
new ResizeObserver(() => Object.entries(charts).forEach(([name, {plot}]) =>
  plot.setSize({width: Math.max(200, byId(name).clientWidth), height: 180}))).observe(byId('course'));
keepUp();
