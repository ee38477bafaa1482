'use strict';

// What comes from feeds and APIs is data: it is set as text, never as markup.

const BUSY_MS = 1000;
const IDLE_MS = 5000;
const PATIENCE_MS = 8000;
/** Most dead letters that are shown at once: a card of each on a phone is long. */
const PAGE = () => matchMedia('(max-width: 46rem)').matches ? 10 : 50;

const byId = id => document.getElementById(id);
const whole = new Intl.NumberFormat('en');
const one = new Intl.NumberFormat('en', {minimumFractionDigits: 1, maximumFractionDigits: 1});
/** Most rows of a CSV, which is that of the server. */
const CSV_ROWS = 50000;
/** For the axis of a chart, such as 1.5M. */
const short = new Intl.NumberFormat('en', {notation: 'compact'});
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', timeZoneName: 'short'});
const day = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short'});
const date = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short', timeZone: 'UTC'});

/** Held here and nowhere else, so that it goes with the page. */
let token = null;
let state = {runs: [], version: '', usage_period: '', may_act: false, replaying: false, replay_problem: null};
let advice = {dead_letters: [], runs: []};
let lastRuns = [];
let reasons = [];
let chosenRun = null;
let openReason = null;
let openSince = '';
let openAfter = 0;
let asked = null;
let awaySince = null;
let announced = '';

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

/** A text that may be longer than its place, which shows two lines of it; all of it is its title. */
function sayLong(cell, text) {
  if (cell.title !== text) {
    const lines = document.createElement('span');
    lines.className = 'two-lines';
    lines.textContent = text;
    cell.replaceChildren(lines);
    cell.title = text;
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

/** Sets a sentence in which `words` are those of a program. */
function sayProse(element, sentence) {
  if (element.dataset.sentence !== sentence) {
    element.dataset.sentence = sentence;
    element.replaceChildren(...sentence.split('`').map((part, i) => {
      if (i % 2 === 0) {
        return part;
      }
      const code = document.createElement('code');
      code.textContent = part;
      return code;
    }));
  }
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
    ? `Nothing is running here. Run ${last.run_id} of ${last.feed} was ${last.status} on ${day.format(new Date(last.finished_at))}.`
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
  const limits = limitsOf(run);
  show(part('limited'), limits !== '');
  say(part('limited'), limits);
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
  say(part('month'), run.usage_period);
  sync(card.querySelector('tbody'), run.apis, api => api.api,
    () => row([[''], ['State', 'state'], ['Slots in use', 'number'], ['Calls', 'number'], ['Mean', 'number']]), showApi);
}

function wordOf(api) {
  if (api.state === 'paused') {
    return `rate limited, paused for ${api.pause_seconds} s`;
  }
  return api.state === 'ok' ? 'ok' : api.api === 'warehouse' ? 'unavailable' : 'circuit breaker open';
}

/** Since when it brings no answer, and the limits that were learnt from calls which it has refused. */
function whyOf(api) {
  const outage = api.outage;
  return [
    api.state === 'open' && outage && `since ${clock.format(new Date(outage.since))}`
      + (outage.gives_up_at ? `, gives up at ${clock.format(new Date(outage.gives_up_at))}` : '') + `, last error: ${outage.last_error}`,
    api.limit < api.concurrency && `concurrency limit ${api.limit} of ${api.concurrency}`,
    api.rate < api.requests_per_second && `${one.format(api.rate)} of ${number(api.requests_per_second)} calls a second`,
  ].filter(Boolean).join('; ');
}

/** How many calls were made when the page last looked, by run and API. */
const calls = new Map();

/** What keeps the run from going faster, in words; empty where that is not seen. */
function limitsOf(run) {
  const limits = run.apis.filter(api => api.state === 'ok').map(api => {
    const key = `${run.run_id} ${api.api}`;
    const before = calls.get(key);
    const now = {calls: api.calls, at: performance.now()};
    if (!before || now.at - before.at > 900) {
      calls.set(key, {...now, rate: before ? 1000 * (api.calls - before.calls) / (now.at - before.at) : 0});
    }
    if (api.in_flight >= api.limit) {
      return `${api.api}: ${api.in_flight} of ${api.limit} slots in use`;
    }
    return calls.get(key).rate >= 0.9 * api.rate ? `${api.api}: ${one.format(api.rate)} calls a second, its rate limit` : null;
  }).filter(Boolean);
  return limits.length ? `Limited by ${limits.join('; ')}` : '';
}

function showApi(tr, api) {
  const [name, condition, flying, calls, mean] = tr.children;
  say(name, api.api);
  const why = whyOf(api);
  const word = wordOf(api);
  if (condition.textContent !== word + why) {
    explain(condition, word, why);
  }
  condition.className = `state ${{ok: 'good', paused: 'warn'}[api.state] ?? 'bad'}`;
  say(flying, api.concurrency === 0 ? '–' : `${api.in_flight} of ${api.limit}`);
  say(calls, number(api.calls));
  say(mean, api.calls === 0 ? '–' : `${whole.format(Math.round(1000 * api.call_seconds / api.calls))} ms`);
}

/** Announces what has changed to a screen reader, but not every second. */
function tellNews() {
  const news = state.runs.map(run => {
    const apis = run.apis.filter(api => api.state !== 'ok').map(api => `${api.api} ${api.state === 'paused' ? 'paused' : wordOf(api)}`);
    return `run ${run.run_id}: ${Math.floor(percent(run) / 10) * 10} % done`
      + (run.late ? ', the deadline will be missed' : '') + (apis.length ? `, ${apis.join(', ')}` : '');
  }).join('; ') || 'nothing is running';
  if (news !== announced) {
    announced = news;
    say(byId('news'), news);
  }
}

// --- How a run went on --------------------------------------------------------------------------

const charts = {};
const TICKS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param over what a chart of something else than a run's course has otherwise */
function draw(name, data, labels, over = {}) {
  const holder = byId(name);
  const shape = JSON.stringify(labels);
  if (charts[name]?.shape !== shape) {
    charts[name]?.plot.destroy();
    const axis = {stroke: colour('--muted'), grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}, font: '11px system-ui'};
    const colours = ['--accent', '--second', '--third', '--muted'];
    const plot = new uPlot({
      width: Math.max(200, holder.clientWidth), height: holder.clientHeight,
      legend: {show: false},
      cursor: {show: false},
      padding: [12, 24, 0, 0],
      scales: {x: {time: false, ...over.scale}, y: {range: (u, min, max) => [0, Math.max(1, max * 1.1)]}},
      axes: [
        {...axis, values: (u, ticks) => ticks.map(duration), space: 70, size: 26, incrs: TICKS_S, ...over.x},
        {...axis, values: (u, ticks) => ticks.map(tick => short.format(tick)), size: 48},
      ],
      series: [{}, ...labels.map((label, i) => ({
        label, width: 1.5, spanGaps: true, points: {show: false},
        stroke: colour(colours[Math.min(i, colours.length - 1)]),
        ...over.series,
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
  showNights();
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
  if (run !== shownRun()) {
    return;
  }
  const known = lastRuns.find(other => other.run_id === run);
  const feed = [...state.runs, ...lastRuns].find(other => other.run_id === run)?.feed ?? '';
  show(byId('course'), true);
  say(byId('course-title'), `Run ${run} of ${feed}`);
  say(byId('course-status'), known ? [statusOf(known), explanation(known)].filter(Boolean).join(': ') : '');
  const what = known ? adviceFor(known) : '';
  show(byId('course-advice'), what !== '');
  sayProse(byId('course-advice'), what);
  byId('course-report').setAttribute('href', `api/report?run=${run}`);
  show(byId('course-charts'), points.length > 1);
  show(byId('no-course'), points.length < 2 && known?.status !== 'running');
  markShownRun();
  if (points.length < 2) {
    return;
  }
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

/** A reason in words: a bare status is that of an API which has given no code. */
function reasonOf(reason, stages) {
  return /^\d{3}$/.test(reason) ? `${reason} from ${stages.join(' and ')}, without an error code` : reason;
}

/** What to do about dead letters: that of the reason where it has a sentence, else that of its stage. */
function adviceOn(item) {
  const ofStage = advice.dead_letters.filter(known => known.stages.some(stage => stage in item.stages));
  return (ofStage.find(known => known.reasons.includes(item.reason)) ?? ofStage.find(known => known.reasons.includes('anything else')))?.do ?? '';
}

/** The server gives the oldest dead letters only, where there are many. */
function nameOfCsv(letters, all) {
  return letters > CSV_ROWS ? `The oldest ${number(CSV_ROWS)} of ${number(letters)} as CSV` : all;
}

function showReasons() {
  show(byId('reasons'), reasons.length > 0);
  show(byId('no-letters'), reasons.length === 0);
  show(byId('csv'), reasons.length > 0);
  say(byId('csv').firstElementChild, nameOfCsv(reasons.reduce((sum, item) => sum + item.letters, 0), 'All open dead letters as CSV'));
  sync(byId('reasons').tBodies[0], reasons, item => item.reason, item => {
    const tr = row([[''], ['Stage'], ['Dead letters', 'number'], ['', 'wide'], ['', 'actions']]);
    tr.lastElementChild.append(
      button('Rows', '', () => openRows(item.reason)),
      button('Replay …', 'replay', () => askToAct('replay', item.reason)),
      button('Discard …', 'discard', () => askToAct('discard', item.reason)));
    return tr;
  }, (tr, item) => {
    const [reason, stage, letters, what, actions] = tr.children;
    const stages = Object.entries(item.stages);
    say(reason, reasonOf(item.reason, Object.keys(item.stages)));
    say(stage, stages.length === 1 ? stages[0][0] : stages.map(([name, n]) => `${name} ${number(n)}`).join(', '));
    say(letters, number(item.letters));
    sayProse(what, adviceOn(item));
    const [rows, replay, discard] = actions.children;
    rows.setAttribute('aria-label', `Rows of ${item.reason}`);
    rows.setAttribute('aria-expanded', String(item.reason === openReason));
    replay.setAttribute('aria-label', `Replay ${item.reason}`);
    show(replay, state.may_act && item.replayable > 0);
    replay.disabled = state.replaying;
    discard.setAttribute('aria-label', `Discard ${item.reason}`);
    show(discard, state.may_act);
    discard.disabled = state.replaying;
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

/** What the number of dead letters and the last run are; the opened rows are read again when it changes. */
function rowsSeen() {
  const item = reasons.find(known => known.reason === openReason);
  return JSON.stringify([item, lastRuns[0]?.run_id, lastRuns[0]?.status]);
}

async function showRows(after) {
  const reason = openReason;
  const seen = rowsSeen();
  try {
    const letters = await ask(`api/dead-letters?${new URLSearchParams({reason, after})}`);
    if (reason !== openReason) {
      return;
    }
    const shown = letters.slice(0, PAGE());
    openSince = seen;
    openAfter = after;
    show(byId('letters'), true);
    const item = reasons.find(known => known.reason === reason);
    say(byId('rows-title'), item ? `${reasonOf(reason, Object.keys(item.stages))}: ${count(item.letters, 'dead letter')}` : `${reason}: none is open any more`);
    show(byId('rows'), shown.length > 0);
    sync(byId('rows').tBodies[0], shown, letter => letter.dead_letter_id, newLetter, showLetter);
    const last = shown.at(-1)?.dead_letter_id;
    byId('next').disabled = letters.length <= PAGE();
    byId('next').onclick = () => turn(last);
    byId('first').disabled = after === 0;
    show(byId('rows-csv'), shown.length > 0);
    say(byId('rows-csv'), nameOfCsv(item?.letters ?? 0, 'These as CSV'));
    byId('rows-csv').setAttribute('href', `api/dead-letters.csv?${new URLSearchParams({reason})}`);
  } catch (failure) {
    note(failure.message);
  }
}

async function turn(after) {
  await showRows(after);
  byId('rows-title').focus();
}

function newLetter() {
  const tr = row([['Dead letter', 'number'], ['Run', 'number'], ['Contract'], ['Customer'], ['Line', 'number'], ['Stage'], ['', 'wide'],
    ['', 'wide']]);
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Row';
  details.append(summary, document.createElement('pre'));
  tr.lastElementChild.append(details);
  return tr;
}

function errorOf(letter) {
  return letter.error + (letter.attempts > 1 ? ` (${letter.attempts} attempts)` : '');
}

function showLetter(tr, letter) {
  const [id, run, contract, customer, line, stage, error, source] = tr.children;
  say(id, String(letter.dead_letter_id));
  say(run, String(letter.run_id));
  sayLong(contract, letter.contract_id ?? '–');
  sayLong(customer, letter.customer_id ?? '–');
  say(line, number(letter.line_number));
  say(stage, letter.stage);
  say(error, errorOf(letter));
  say(source.querySelector('pre'), letter.row);
}

function closeRows() {
  const reason = openReason;
  openReason = null;
  show(byId('letters'), false);
  showReasons();
  [...byId('reasons').tBodies[0].children].find(tr => tr.dataset.key === reason)?.querySelector('button').focus();
}

// --- Replay and discard -------------------------------------------------------------------------

const ACTS = {
  replay: {
    button: 'Replay',
    title: item => `Replay ${count(item.replayable, 'dead letter')}?`,
    text: reason => `Each failed with “${reason}”. It is worked on once more, and only what is missing is asked for.`,
    order: reason => ({reason}),
    news: () => 'The replay has begun.',
  },
  discard: {
    button: 'Discard',
    title: item => `Discard ${count(item.letters, 'dead letter')}?`,
    text: reason => `Each failed with “${reason}”. A discarded dead letter is kept, but never replayed.`,
    order: (reason, item) => ({reason, because: byId('because').value, dead_letters: item.letters}),
    news: answer => `${count(answer.discarded, 'dead letter')} discarded.`,
  },
};

async function askToAct(name, reason) {
  await refreshReasons();
  const item = reasons.find(known => known.reason === reason);
  if (!item || name === 'replay' && item.replayable === 0) {
    note(`No dead letter of that reason is left to ${name}.`);
    return;
  }
  asked = {name, reason, item};
  say(byId('replay-title'), ACTS[name].title(item));
  say(byId('replay-text'), ACTS[name].text(reason));
  say(byId('replay-yes'), ACTS[name].button);
  show(byId('because-field'), name === 'discard');
  byId('because').required = name === 'discard';
  askToken();
  byId('replay').showModal();
  (name === 'discard' ? byId('because') : token === null ? byId('token') : byId('replay-yes')).focus();
}

function askToken(problem) {
  show(byId('token-field'), token === null);
  byId('token').required = token === null;
  show(byId('replay-problem'), problem !== undefined);
  say(byId('replay-problem'), problem ?? '');
}

async function act(event) {
  event.preventDefault();
  const yes = byId('replay-yes');
  if (yes.disabled) {
    return;
  }
  yes.disabled = true;
  const {name, reason, item} = asked;
  const shown = token ?? byId('token').value.trim();
  try {
    const answer = await ask(`api/${name}`, {
      method: 'POST',
      // A proxy in front may want Authorization for itself.
      headers: {'Content-Type': 'application/json', 'X-ContractFlow-Token': shown},
      body: JSON.stringify(ACTS[name].order(reason, item)),
    });
    token = shown;
    byId('replay').close();
    say(byId('news'), ACTS[name].news(answer));
    await refreshAll();
  } catch (failure) {
    const wrong = failure.status === 401;
    if (wrong) {
      token = null;
    } else if (failure.status) {
      token = shown;
    }
    askToken(failure.status ? failure.message : 'The server does not answer.');
    if (wrong) {
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
    run.drift != null && `fields absent or of another type than in the run before: ${run.drift}`,
    run.removed > 0 && `${number(run.removed)} contracts that the feed no longer lists are marked as removed`,
    run.not_removed_because != null && `${number(run.missing)} contracts are missing from the feed and not marked as removed, since ${run.not_removed_because}`,
    unfinished && run.superseded_by != null && `superseded by run ${run.superseded_by}`,
    run.replay && run.dead > 0 && `${number(run.dead)} dead again${run.dead_again ? ': ' : ''}`
      + (run.dead_again ?? []).map(again => `${reasonOf(again.reason, [again.stage])} (${number(again.dead_letters)})`).join(', '),
  ].filter(Boolean).join('; ');
}

/** A replay is done for nothing where none of its dead letters is loaded. */
function statusOf(run) {
  return run.status === 'complete' && run.replay && run.dead > 0 && run.dead === run.rows ? 'complete, all dead again' : run.status;
}

function kindOf(run) {
  return run.status === 'complete' && run.replay && run.dead > 0
    ? 'warn' : {complete: 'good', running: '', incomplete: 'warn'}[run.status] ?? 'bad';
}

/** What to do after a run that is incomplete or failed; empty after others. */
function adviceFor(run) {
  if (run.status === 'incomplete' && run.superseded_by != null) {
    return '';
  }
  const known = advice.runs.find(item => item.status === run.status && new RegExp(item.match).test(run.reason ?? ''));
  return known?.do ?? '';
}

function markShownRun() {
  [...byId('runs').tBodies[0].children].forEach(tr => {
    if (tr.dataset.key === String(shownRun())) {
      tr.setAttribute('aria-current', 'true');
    } else {
      tr.removeAttribute('aria-current');
    }
  });
}

function showLastRuns() {
  show(byId('more-runs-line'), lastRuns.length > 5 && !byId('runs').classList.contains('all'));
  sync(byId('runs').tBodies[0], lastRuns, run => run.run_id, run => {
    const tr = row([['Run'], ['Feed', 'wide'], ['Status', 'wide'], ['Rows', 'number'], ['Loaded', 'number'], ['Unchanged', 'number'],
      ['Dead', 'number'], ['Pending', 'number'], ['Started'], ['Took', 'number']]);
    const choose = button(`${run.run_id}`, 'plain', () => chooseRun(run.run_id));
    choose.setAttribute('aria-label', `Run ${run.run_id}, show its details`);
    tr.firstElementChild.append(choose);
    return tr;
  }, (tr, run) => {
    const [, feed, status, rows, loaded, unchanged, dead, pending, started, took] = tr.children;
    sayLong(feed, run.feed);
    const why = explanation(run);
    if (status.textContent !== statusOf(run) + why) {
      explain(status, statusOf(run), why || null);
      status.className = `wide state ${kindOf(run)}`;
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
  await refreshCourse().catch(failure => note(failure.message));
  byId('course').scrollIntoView({block: 'start'});
  byId('course-title').focus({preventScroll: true});
}

// --- What comes next, and what has been ---------------------------------------------------------

let plan = {feeds: [], problem: null, next_fetch: null, every: null, standby: null};
let nights = [];

function showPlan() {
  say(byId('version'), state.version);
  say(byId('plan'), [
    plan.standby && `This service stands by: ${plan.standby}.`,
    state.usage_period && `A run that starts now reads the usage of ${state.usage_period}.`,
    plan.next_fetch && `The next feed is fetched on ${day.format(new Date(plan.next_fetch))}.`,
    plan.every && `A feed is fetched every ${plan.every}.`,
    plan.problem && `${plan.problem}.`,
  ].filter(Boolean).join(' '));
  show(byId('feeds'), plan.feeds.length > 0);
  sync(byId('feeds'), plan.feeds, feed => feed.name, () => document.createElement('li'),
    (li, feed) => say(li, feed.problem ? `${feed.name} is passed over: it ${feed.problem}` : `${feed.name} waits`));
}

function showNights() {
  show(byId('nights'), nights.length > 1);
  if (nights.length < 2) {
    return;
  }
  const places = nights.map((night, i) => i);
  const label = i => Number.isInteger(i) && nights[i] ? date.format(new Date(nights[i].night)) : '';
  const bars = {paths: uPlot.paths.bars({size: [0.7, 40]}), fill: colour('--accent'), width: 0};
  const over = {x: {values: (u, ticks) => ticks.map(label), space: 60, incrs: [1, 2, 5, 10]}, scale: {range: () => [-0.5, nights.length - 0.5]}, series: bars};
  for (const [id, name, value] of [['night-rows', 'rows', night => night.rows], ['night-dead', 'dead letters', night => night.dead],
    ['night-minutes', 'minutes', night => night.seconds / 60]]) {
    draw(id, [places, nights.map(value)], [name], over);
    const last = nights.at(-1);
    byId(id).setAttribute('aria-label', `${name} of ${nights.length} nights, in the last one, ${date.format(new Date(last.night))}, ${one.format(value(last) ?? 0)}`);
  }
}

async function refreshPlan() {
  plan = await ask('api/feeds');
  showPlan();
}

/** The nights change with the runs, and only then. */
let nightsOf = '';

async function refreshNights() {
  const seen = JSON.stringify(lastRuns.map(run => [run.run_id, run.status]));
  if (seen !== nightsOf) {
    nights = await ask('api/nights');
    nightsOf = seen;
    showNights();
  }
}

// --- One contract -------------------------------------------------------------------------------

async function search(event) {
  event.preventDefault();
  const id = byId('contract-id').value.trim();
  let known = null;
  try {
    known = await ask(`api/contract?${new URLSearchParams({id})}`);
  } catch (failure) {
    say(byId('contract-problem'), failure.status ? `Contract ${id}: ${failure.message}` : 'The server does not answer.');
  }
  show(byId('contract-problem'), known === null);
  show(byId('contract'), known !== null);
  if (known !== null) {
    showContract(known);
    byId('contract-name').focus();
  }
}

function showContract(known) {
  say(byId('contract-name'), known.row ? `Contract ${known.contract_id}` : `Contract ${known.contract_id}: no row in contract_enriched`);
  const columns = Object.entries(known.row ?? {}).filter(([name]) => name !== 'contract_id' && name !== 'source');
  sync(byId('contract-row'), columns, ([name]) => name, () => {
    const pair = document.createElement('div');
    pair.append(document.createElement('dt'), document.createElement('dd'));
    return pair;
  }, (pair, [name, value]) => {
    say(pair.firstElementChild, name);
    say(pair.lastElementChild, value === null ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  });
  const read = known.usage_read;
  say(byId('contract-usage'), read ? `Usage of ${read.usage_period} last read by run ${read.run_id}, ${day.format(new Date(read.read_at))}.` : '');
  show(byId('contract-runs'), known.runs.length > 0);
  sync(byId('contract-runs').tBodies[0], known.runs, run => run.run_id,
    () => row([['Run'], ['Started'], ['Usage of'], ['Outcome'], ['Feed', 'wide']]), (tr, run) => {
      const [id, started, month, outcome, feed] = tr.children;
      say(id, String(run.run_id));
      say(started, day.format(new Date(run.started_at)));
      say(month, run.usage_period);
      say(outcome, run.outcome + (run.stage ? ` at ${run.stage}: ${reasonOf(run.reason, [run.stage])}` : ''));
      sayLong(feed, run.feed);
    });
  show(byId('contract-dead'), known.dead_letters.length > 0);
  sync(byId('contract-dead').tBodies[0], known.dead_letters, letter => letter.dead_letter_id,
    () => row([['Dead letter'], ['Run'], ['Status'], ['Stage'], ['', 'wide']]), (tr, letter) => {
      const [id, run, status, stage, error] = tr.children;
      say(id, String(letter.dead_letter_id));
      say(run, String(letter.run_id));
      say(status, letter.status + (letter.because ? `, because: ${letter.because}` : ''));
      say(stage, letter.stage);
      say(error, `${reasonOf(letter.reason, [letter.stage])}: ${errorOf(letter)}`);
    });
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
  if (openReason !== null && rowsSeen() !== openSince) {
    await showRows(openAfter);
  }
}

async function refreshLastRuns() {
  lastRuns = await ask('api/runs');
  showLastRuns();
  showWorking();
}

/** What is in the database. The state of the runs is not, so it is shown whether or not the database answers. */
async function refreshData() {
  try {
    await refreshPlan();
    await refreshLastRuns();
    await refreshReasons();
    await refreshCourse();
    await refreshNights();
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
    if (advice.runs.length === 0) {
      advice = await ask('advice.json');
    }
    await refreshData();
    awaySince = null;
    say(byId('contact'), 'This page is up to date');
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
byId('replay-form').addEventListener('submit', act);
byId('search').addEventListener('submit', search);
byId('more-runs').addEventListener('click', () => {
  byId('runs').classList.add('all');
  show(byId('more-runs-line'), false);
});
byId('replay-no').addEventListener('click', () => byId('replay').close());
byId('replay').addEventListener('close', () => {
  byId('token').value = '';
  byId('because').value = '';
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
new ResizeObserver(() => Object.entries(charts).forEach(([name, {plot}]) =>
  byId(name).clientWidth > 0 && plot.setSize({width: byId(name).clientWidth, height: byId(name).clientHeight}))).observe(document.body);
keepUp();
