/*
 * The page around Herald's chat: shows the announcements, and in them what an answer cites.
 *
 * The chat (widget.js) says what is cited or pointed at; this file fetches the announcement, makes sure
 * that the quote stands where the citation says, and only then highlights it. Text is only ever inserted
 * as text. Offsets count Unicode code points, so announcements are kept as arrays of code points.
 */
(() => {
  'use strict';

  const STRINGS = {
    en: {
      tagline: 'Answers from announcements, each sentence with its proof',
      announcements: 'Announcements',
      all: 'All announcements',
      back: 'Back to the conversation',
      conversation: 'Conversation',
      dark: 'Dark colours',
      original: 'Open the original',
      tab: '(new tab)',
      filter: 'Find an announcement by its title',
      loading: 'Loading…',
      none: 'There is no announcement yet. “herald index FILE” adds one.',
      failed: 'The announcements cannot be loaded now.',
      retry: 'Try again',
      changed: 'This announcement has changed since the answer was given. The answer quoted:',
      language: '한국어',
      other: 'ko',
    },
    ko: {
      tagline: '발표 자료에서 찾은 답, 문장마다 근거와 함께',
      announcements: '발표 자료',
      all: '전체 발표 자료',
      back: '대화로 돌아가기',
      conversation: '대화',
      dark: '어두운 화면',
      original: '원문 열기',
      tab: '(새 탭)',
      filter: '제목으로 발표 자료 찾기',
      loading: '불러오는 중…',
      none: '아직 발표 자료가 없습니다. “herald index 파일”로 추가할 수 있습니다.',
      failed: '지금은 발표 자료를 불러올 수 없습니다.',
      retry: '다시 시도',
      changed: '답변 이후 이 발표 자료가 바뀌었습니다. 답변이 인용한 문장:',
      language: 'English',
      other: 'en',
    },
  };
  const FEW = 10; // Up to as many announcements, a list needs no filter.
  const SHOWN = 200;

  const chat = document.querySelector('herald-chat');
  const [pane, title, meta, body, all, back, browse, shade] = ['source', 'source-title', 'source-meta', 'source-body', 'all', 'back', 'browse', 'shade']
    .map((id) => document.getElementById(id));
  const phone = matchMedia('(max-width: 860px)');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');

  let sources = null; // as /v1/sources lists them
  let shown = null; // the announcement in the pane: {id, sha256, points, blocks, nodes, …}
  let wanted = 0; // counts what the pane was asked to show, so that a slow answer does not win
  let cited = []; // the citations of the latest answer
  let active = null; // the citation that was chosen
  let pointed = null; // the citation under the pointer or focus
  let opener = null; // what had the focus before the sheet opened
  let dwell = 0;
  const loaded = new Map();

  const h = (tag, props = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  };

  const outward = () => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6');
    svg.append(path);
    return svg;
  };

  const lang = () => document.documentElement.lang;
  const t = () => STRINGS[lang()];

  const date = (published) => {
    const day = /^\d{4}-\d\d-\d\d/.exec(published ?? '')?.[0];
    return day ? new Intl.DateTimeFormat(navigator.languages.find((own) => own.split('-')[0] === lang()) ?? lang(), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day)) : null;
  };

  const webUrl = (url) => (typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null);

  // ---- an announcement's text as paragraphs, headings and list items

  /** ``[{kind, start, end, hidden}]``: offsets in code points; ``hidden`` is the length of a list's or heading's mark. */
  const blocksOf = (text) => {
    const blocks = [];
    let at = 0, open = null;
    for (const part of text.split(/(\r\n|\n|\r)/)) {
      const length = Array.from(part).length;
      const [mark, hash, dash] = /^(#{1,6}[ \t]+)?(?:[ \t]*([-*•]|\d{1,3}[.)])[ \t]+)?/.exec(part);
      if (/^[\r\n]+$/.test(part)) { /* A line's end belongs to no block of its own. */ }
      else if (!part.trim()) open = null;
      else if (hash) {
        blocks.push({ kind: 'heading', start: at, end: at + length, hidden: hash.length, lengths: [length] });
        open = null;
      } else if (dash) {
        const bullet = /^\D/.test(dash);
        blocks.push((open = { kind: bullet ? 'item' : 'paragraph', start: at, end: at + length, hidden: bullet ? mark.length : 0, lengths: [length] }));
      } else if (open) {
        open.end = at + length;
        open.lengths.push(length);
      } else blocks.push((open = { kind: 'paragraph', start: at, end: at + length, hidden: 0, lengths: [length] }));
      at += length;
    }
    return blocks;
  };

  /** Lines that were broken at a column flow again; lines that were broken on purpose stay. */
  const wrapped = ({ lengths }) => lengths.length > 1 && lengths.slice(0, -1).every((length) => length > 50 && length < 120);

  const render = (block, ranges) => {
    const inside = ranges.filter((range) => range.start < block.end && range.end > block.start);
    const within = (offset) => offset > block.start && offset < block.end;
    const cuts = [block.start, block.end, block.start + block.hidden, ...inside.flatMap((r) => [r.start, r.end, ...r.figure ?? []]).filter(within)];
    const edges = [...new Set(cuts)].sort((a, b) => a - b);
    return edges.slice(0, -1).map((start, index) => {
      const text = shown.points.slice(start, edges[index + 1]).join('');
      if (start < block.start + block.hidden) return h('span', { hidden: true }, text);
      const over = inside.filter((range) => range.start <= start && range.end > start);
      if (!over.length) return text;
      const strong = over.filter((range) => range.state);
      const figure = strong.some((range) => range.figure && range.figure[0] <= start && range.figure[1] > start);
      const first = over.find((range) => range.start === start || (range.start < start && start === block.start + block.hidden));
      const names = [...new Set(strong.map((range) => range.state)), figure && 'figure'].filter(Boolean);
      return h('mark', { class: names.join(' ') || null, 'data-marker': first?.marker ?? null }, text);
    });
  };

  const key = (citation) => `${citation.source_id}:${citation.quote_start}:${citation.quote_end}`;

  /** Highlight in the announcement shown what is cited, chosen and pointed at. */
  const paint = () => {
    if (!shown) return;
    const ranges = new Map();
    for (const citation of [...cited, active, pointed]) {
      if (!citation || !stands(citation, shown)) continue;
      const { quote_start: start, quote_end: end, highlight_start: from, highlight_end: to } = citation;
      const same = (other) => other && key(other) === key(citation);
      const state = same(active) ? 'active' : same(pointed) ? 'pointed' : null;
      const figure = Number.isInteger(from) && Number.isInteger(to) ? [start + from, start + to] : null;
      const marker = cited.includes(citation) ? citation.marker : null;
      const before = ranges.get(key(citation));
      ranges.set(key(citation), { start, end, figure, state, marker: before?.marker ?? marker });
    }
    const all = [...ranges.values()];
    shown.blocks.forEach((block, index) => {
      const touched = all.filter((r) => r.start < block.end && r.end > block.start);
      const state = JSON.stringify(touched);
      if (block.state === state) return;
      block.state = state;
      shown.nodes[index].replaceChildren(...render(block, touched));
    });
  };

  /** Whether the quote stands exactly where the citation says, in exactly the text that it was cited from. */
  const stands = (citation, source) =>
    citation.source_id === source.id && citation.source_sha256 === source.sha256
    && source.points.slice(citation.quote_start, citation.quote_end).join('') === citation.quote;

  const scrollTo = (name) => {
    const mark = body.querySelector(`mark.${name}`);
    if (!mark) return;
    const from = body.getBoundingClientRect(), to = mark.getBoundingClientRect();
    if (name === 'pointed' && to.top > from.top && to.bottom < from.bottom) return;
    body.scrollTo({ top: body.scrollTop + to.top - from.top - from.height * 0.3, behavior: calm.matches ? 'auto' : 'smooth' });
  };

  // ---- what the pane shows

  const fetchSource = async (id) => {
    if (!loaded.has(id)) {
      const source = await (await chat.request(`sources/${encodeURIComponent(id)}`)).json();
      source.points = Array.from(source.text);
      loaded.set(id, source);
    }
    return loaded.get(id);
  };

  /** Show the announcement with this id; true once it is shown, false where another was asked for meanwhile. */
  const showSource = async (id) => {
    const ticket = ++wanted;
    if (shown?.id === id) return true;
    const source = await fetchSource(id);
    if (ticket !== wanted) return false;
    const blocks = blocksOf(source.text);
    const nodes = blocks.map((block) => h(block.kind === 'heading' ? 'h3' : block.kind === 'item' ? 'div' : 'p',
      { dir: 'auto', class: block.kind === 'item' ? 'item' : wrapped(block) ? 'wrapped' : null }));
    shown = { ...source, blocks, nodes };
    title.textContent = source.title;
    title.lang = source.language ?? '';
    describe(source);
    all.hidden = (sources?.length ?? 0) < 2;
    body.replaceChildren(h('div', { class: 'text', lang: source.language }, nodes));
    body.scrollTop = 0;
    paint();
    return true;
  };

  const describe = (source) => {
    const url = webUrl(source.url);
    meta.replaceChildren(...[source.issuer, date(source.published)].filter(Boolean).map((text) => h('span', { dir: 'auto' }, text)));
    if (url) meta.append(h('a', { href: url, target: '_blank', rel: 'noopener' }, t().original, outward(), h('span', { class: 'quiet' }, t().tab)));
  };

  const showList = () => {
    wanted++;
    shown = null;
    title.textContent = t().announcements;
    title.removeAttribute('lang');
    meta.replaceChildren();
    all.hidden = true;
    const list = h('ul', { class: 'list' });
    const fill = (needle) => list.replaceChildren(...sources.filter((s) => s.title.toLowerCase().includes(needle)).slice(0, SHOWN).map(entry));
    fill('');
    const filter = sources.length > FEW && h('input', { class: 'filter', type: 'search', 'aria-label': t().filter, placeholder: t().filter, oninput: (event) => fill(event.target.value.trim().toLowerCase()) });
    body.replaceChildren(...[filter, sources.length ? list : h('p', { class: 'notice' }, t().none)].filter(Boolean));
    body.scrollTop = 0;
  };

  const entry = (source) => h('li', {}, h('button', { class: 'entry', type: 'button', onclick: () => browseTo(source.id) },
    h('strong', { dir: 'auto', lang: source.language }, source.title), h('span', { dir: 'auto' }, [source.issuer, date(source.published)].filter(Boolean).join(' · '))));

  const browseTo = async (id) => {
    if (await attempt(() => showSource(id), () => browseTo(id))) title.focus();
  };

  /** Run what needs the server; say so, with a way to repeat it, where that fails. */
  const attempt = async (work, again) => {
    try {
      return await work();
    } catch (error) {
      console.info('herald:', error.message);
      shown = null;
      meta.replaceChildren();
      title.textContent = t().announcements;
      body.replaceChildren(h('div', { class: 'notice', role: 'alert' }, t().failed, h('br'), h('button', { type: 'button', onclick: again }, t().retry)));
      return false;
    }
  };

  const start = () => attempt(async () => {
    body.replaceChildren(h('p', { class: 'notice' }, t().loading));
    sources = (await (await chat.request('sources')).json()).sources;
    if (sources.length === 1) await showSource(sources[0].id);
    else showList();
    if (chat.answer) await answered(chat.answer);
  }, start);

  // ---- what the conversation says

  /** Show the citation in its announcement; a text that has changed since is not highlighted but said to have. */
  const reveal = async (citation) => {
    active = citation;
    chat.select(citation);
    if (loaded.has(citation.source_id) && !stands(citation, loaded.get(citation.source_id))) {
      loaded.delete(citation.source_id); // The announcement may have been indexed anew: look again.
      shown = null;
    }
    if (!(await attempt(() => showSource(citation.source_id), () => reveal(citation)))) return;
    body.querySelector('.notice')?.remove();
    if (!stands(citation, shown)) {
      body.prepend(h('div', { class: 'notice', role: 'status' }, t().changed, h('blockquote', { dir: 'auto' }, citation.quote)));
      body.scrollTop = 0;
    }
    paint();
    scrollTo('active');
  };

  const answered = async (answer) => {
    cited = answer.citations;
    active = pointed = null;
    paint();
    if (cited.length && !phone.matches) await reveal(cited[0]);
  };

  chat.addEventListener('herald-answer', (event) => answered(event.detail.answer));
  chat.addEventListener('herald-cite', async (event) => {
    const { citation, answer } = event.detail;
    if (answer) cited = answer.citations;
    if (phone.matches) openSheet();
    await reveal(citation);
  });
  chat.addEventListener('herald-point', (event) => {
    pointed = event.detail.citation;
    clearTimeout(dwell);
    paint();
    if (pointed && !phone.matches) dwell = setTimeout(() => scrollTo('pointed'), 250);
  });
  chat.addEventListener('herald-clear', () => {
    cited = [];
    active = pointed = null;
    paint();
  });

  // ---- the sheet that the source is on a phone

  const openSheet = () => {
    if (pane.hasAttribute('data-open')) return;
    opener = chat.shadowRoot.activeElement ?? document.activeElement;
    pane.setAttribute('data-open', '');
    pane.setAttribute('role', 'dialog');
    pane.setAttribute('aria-modal', 'true');
    browse.setAttribute('aria-expanded', 'true');
    chat.inert = document.querySelector('.top').inert = true;
    shade.hidden = false;
    title.focus({ preventScroll: true });
  };

  const closeSheet = () => {
    if (!pane.hasAttribute('data-open')) return;
    for (const name of ['data-open', 'role', 'aria-modal']) pane.removeAttribute(name);
    browse.setAttribute('aria-expanded', 'false');
    chat.inert = document.querySelector('.top').inert = false;
    shade.hidden = true;
    opener?.focus({ preventScroll: true });
  };

  browse.addEventListener('click', openSheet);
  back.addEventListener('click', closeSheet);
  shade.addEventListener('click', closeSheet);
  pane.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeSheet();
  });
  phone.addEventListener('change', closeSheet);
  all.addEventListener('click', () => {
    showList();
    title.focus();
  });

  // ---- language and colours

  const speak = (language) => {
    document.documentElement.lang = language;
    chat.setAttribute('lang', language);
    chat.setAttribute('heading', t().conversation);
    for (const node of document.querySelectorAll('[data-text]')) if (node !== title || !shown) node.textContent = t()[node.dataset.text];
    for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', t()[node.dataset.label]);
    for (const node of document.querySelectorAll('[data-label]')) node.title = t()[node.dataset.label];
    const button = document.getElementById('language');
    button.textContent = t().language;
    button.lang = t().other;
    if (shown) describe(shown);
    else if (sources) showList();
  };

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const toggle = document.getElementById('theme');
  const colour = () => {
    const chosen = localStorage.getItem('herald-theme');
    if (chosen) document.documentElement.dataset.theme = chosen;
    if (chosen) chat.setAttribute('theme', chosen);
    toggle.setAttribute('aria-pressed', String((chosen ?? (dark.matches ? 'dark' : 'light')) === 'dark'));
  };
  toggle.addEventListener('click', () => {
    localStorage.setItem('herald-theme', toggle.getAttribute('aria-pressed') === 'true' ? 'light' : 'dark');
    colour();
  });
  dark.addEventListener('change', colour);

  document.getElementById('language').addEventListener('click', () => {
    localStorage.setItem('herald-language', t().other);
    speak(t().other);
  });

  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem('herald-language') ?? navigator.language;
  speak(asked.toLowerCase().startsWith('ko') ? 'ko' : 'en');
  colour();
  start();
})();
