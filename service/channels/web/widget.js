/*
 * Herald's chat: one custom element, one file, nothing to install.
 *
 *   <script src="https://herald.example/widget.js"></script>     a button, bottom right, that opens a panel
 *   <herald-chat></herald-chat>                                   the chat in its own box, wherever it stands
 *
 * Attributes: server, lang, theme (light | dark), heading, contact, launcher, citations
 * ("beside": the page shows citations itself). On the script they are written data-server, data-lang, …
 * Events: herald-answer, herald-cite, herald-point, herald-clear. docs/widget.md explains them all.
 *
 * Whatever comes from a server or a reader enters the document as text, never as HTML. Offsets in
 * answers count Unicode code points; JavaScript's strings count UTF-16 units, so they are cut as points.
 */
(() => {
  'use strict';
  if (customElements.get('herald-chat')) return;

  const SCRIPT = document.currentScript;
  const NAME = 'herald-chat';
  const SILENCE = 60_000; // A server sends heartbeats more often than this, in milliseconds.
  const KEPT_TURNS = 30;

  // ---------------------------------------------------------------- what the interface says

  const STRINGS = {
    en: {
      heading: 'Ask the announcements',
      launch: 'Ask',
      welcome: 'What would you like to know?',
      lead: 'Answers come from the announcements, every sentence with its source. Where they do not say, you are told so.',
      suggestions: 'You could ask',
      label: 'Your question',
      placeholder: 'Ask a question',
      send: 'Send',
      stop: 'Stop',
      close: 'Close',
      restart: 'New conversation',
      conversation: 'Conversation',
      asked: 'You asked:',
      searching: 'Searching the announcements…',
      verbatim: 'In the announcement’s own words',
      generated: 'Worded by a language model; each sentence checked against its source',
      withdrawn: (n) => (n === 1 ? '1 sentence withdrawn: no source proves it' : `${n} sentences withdrawn: no source proves them`),
      derived: 'With a figure that is computed from those in the quotes',
      understood: 'Understood as:',
      source: (n, title) => (title ? `Source ${n}: ${title}` : `Source ${n}`),
      quote: (n) => `Quote ${n}`,
      sources: (n) => (n === 1 ? '1 source' : `${n} sources`),
      open: 'Open the announcement',
      tab: '(new tab)',
      show: 'Show in the text',
      shut: 'Close the quote',
      back: 'Back to the answer',
      refused: 'Not in the announcements',
      scope: 'Not a question for the announcements',
      ambiguous: 'More than one answer is possible',
      nearest: 'Nearest passages',
      contact: 'Ask a person:',
      copy: 'Copy with sources',
      copied: 'Copied',
      uncopied: 'Copying failed',
      up: 'Helpful',
      down: 'Not helpful',
      rate: 'Rate this answer',
      comment: 'What should we know? (optional)',
      sendComment: 'Send comment',
      thanks: 'Thank you. Your rating is saved.',
      thanksComment: 'Thank you. Your comment is saved.',
      unrated: 'That could not be saved. Please try again.',
      retry: 'Try again',
      wait: (s) => `Try again in ${s} s`,
      offline: 'You are offline. Your question can be sent when the connection is back.',
      problem: {
        offline: 'You are offline. Check the connection, then try again.',
        unreachable: 'The answering service cannot be reached.',
        cutoff: 'The connection broke before the answer was complete.',
        limit: 'Too many questions at once.',
        forbidden: 'This site is not allowed to ask this service.',
        invalid: 'This question cannot be answered as it is.',
        server: 'The answering service has a problem.',
        stopped: 'Stopped.',
      },
      forgotten: 'The earlier conversation has expired, so this begins a new one.',
      answerFollows: 'Answer:',
    },
    ko: {
      heading: '발표 자료에 물어보세요',
      launch: '질문하기',
      welcome: '무엇이 궁금하신가요?',
      lead: '발표 자료에서 답을 찾아 문장마다 출처를 붙입니다. 발표 자료에 없는 내용은 없다고 알려 드립니다.',
      suggestions: '이런 질문은 어떠세요?',
      label: '질문',
      placeholder: '질문을 입력하세요',
      send: '보내기',
      stop: '중지',
      close: '닫기',
      restart: '새 대화',
      conversation: '대화',
      asked: '질문:',
      searching: '발표 자료를 찾고 있습니다…',
      verbatim: '발표문에 쓰인 문장 그대로',
      generated: '언어 모델이 작성하고 문장마다 출처와 대조했습니다',
      withdrawn: (n) => `출처로 입증되지 않은 ${n}개 문장을 제외했습니다`,
      derived: '인용문의 수치로 계산한 값이 들어 있습니다',
      understood: '이렇게 이해했습니다:',
      source: (n, title) => (title ? `출처 ${n}: ${title}` : `출처 ${n}`),
      quote: (n) => `인용 ${n}`,
      sources: (n) => `출처 ${n}건`,
      open: '발표문 열기',
      tab: '(새 탭)',
      show: '본문에서 보기',
      shut: '인용 닫기',
      back: '답변으로 돌아가기',
      refused: '발표 자료에 없는 내용입니다',
      scope: '발표 자료로 답할 수 있는 질문이 아닙니다',
      ambiguous: '답이 여럿일 수 있습니다',
      nearest: '가장 가까운 대목',
      contact: '담당자 문의:',
      copy: '출처와 함께 복사',
      copied: '복사했습니다',
      uncopied: '복사하지 못했습니다',
      up: '도움이 됐어요',
      down: '도움이 안 됐어요',
      rate: '답변 평가',
      comment: '의견을 들려주세요 (선택)',
      sendComment: '의견 보내기',
      thanks: '감사합니다. 평가를 저장했습니다.',
      thanksComment: '감사합니다. 의견을 저장했습니다.',
      unrated: '저장하지 못했습니다. 다시 시도해 주세요.',
      retry: '다시 시도',
      wait: (s) => `${s}초 후 다시 시도`,
      offline: '오프라인 상태입니다. 연결되면 질문을 보낼 수 있습니다.',
      problem: {
        offline: '오프라인 상태입니다. 연결을 확인한 뒤 다시 시도해 주세요.',
        unreachable: '답변 서비스에 연결할 수 없습니다.',
        cutoff: '답변이 끝나기 전에 연결이 끊어졌습니다.',
        limit: '질문이 너무 많습니다.',
        forbidden: '이 사이트에서는 이 서비스를 이용할 수 없습니다.',
        invalid: '이 질문에는 답할 수 없습니다.',
        server: '답변 서비스에 문제가 있습니다.',
        stopped: '중지했습니다.',
      },
      forgotten: '이전 대화가 만료되어 새 대화로 시작합니다.',
      answerFollows: '답변:',
    },
  };

  // ---------------------------------------------------------------- how it looks

  const STYLE = `
:host { display: block !important; visibility: visible !important; opacity: 1 !important; filter: none !important;
  transform: none !important; clip-path: none !important; pointer-events: auto !important; animation: none !important;
  box-sizing: border-box; inline-size: 100%; block-size: min(42em, 90vh); }
:host([hidden]) { display: none !important; }
:host([launcher]) { all: initial !important; display: contents !important; }
:host([launcher][hidden]) { display: none !important; }
:host::before, :host::after { content: none !important; }
.root { all: initial; display: flex; flex-direction: column; box-sizing: border-box; inline-size: 100%; block-size: 100%;
  min-block-size: 20em; color-scheme: light dark; container-type: inline-size; position: relative; overflow: hidden;
  --background: var(--herald-background, light-dark(#fff, #171c23));
  --text: var(--herald-text, light-dark(#1b2430, #e9e7e2));
  --accent: var(--herald-accent, light-dark(#1c4f7c, #93c3ec));
  --on-accent: var(--herald-on-accent, light-dark(#fff, #101820));
  --mark: var(--herald-mark, light-dark(#ffeeb5, #574815));
  --muted: light-dark(#566070, #a9b1bd);
  --line: light-dark(#dfdbd2, #333c48);
  --edge: light-dark(#848b95, #7a8492);
  --soft: light-dark(#f6f4ef, #1f262f);
  --tint: light-dark(#e9f0f7, #213244);
  --figure: light-dark(#a46a00, #f2c552);
  --bad: light-dark(#9d2420, #ffaea6);
  --sans: var(--herald-font, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial,
    "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", "Noto Sans", sans-serif);
  --serif: var(--herald-font-text, "Source Serif 4", Charter, "Iowan Old Style", Georgia, "Liberation Serif",
    "Noto Serif KR", "Noto Serif CJK KR", "Noto Serif", serif);
  --radius: var(--herald-radius, 10px);
  background: var(--background); color: var(--text); border: var(--herald-border, 1px solid var(--line)); border-radius: var(--radius);
  font-family: var(--sans); font-size: var(--herald-font-size, medium); line-height: 1.5; overflow-wrap: anywhere; text-align: start;
  -webkit-text-size-adjust: 100%; }
:host([theme="light"]) .root { color-scheme: light; }
:host([theme="dark"]) .root { color-scheme: dark; }
.root:lang(ko) { word-break: keep-all; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.quiet { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
p, ul, ol, figure, blockquote { margin: 0; padding: 0; }
ul, ol { list-style: none; }
svg { inline-size: 1.25em; block-size: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6;
  stroke-linecap: round; stroke-linejoin: round; }
[dir="rtl"] .flip { transform: scaleX(-1); }
a { color: var(--accent); text-underline-offset: .18em; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; background: none; border: 0; padding: 0; margin: 0; text-align: inherit; }
button:disabled, button[aria-disabled="true"] { cursor: not-allowed; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.tool { display: inline-flex; align-items: center; justify-content: center; gap: .4em; min-inline-size: 2.25em;
  min-block-size: 2.25em; padding-inline: .4em; border-radius: 6px; color: var(--muted); font-size: .875em; }
.tool:hover { background: var(--soft); color: var(--text); }
.tool[aria-pressed="true"] { color: var(--accent); background: var(--tint); }
.plain { display: inline-flex; align-items: center; gap: .4em; min-block-size: 2.25em; padding: .3em .85em; border: 1px solid var(--edge);
  border-radius: 6px; font-size: .875em; line-height: 1.35; color: var(--text); background: var(--background); text-decoration: none; }
.plain:hover:not([aria-disabled="true"]) { border-color: var(--accent); color: var(--accent); }
.plain[aria-disabled="true"] { color: var(--muted); border-style: dashed; font-variant-numeric: tabular-nums; }
.panel { display: flex; flex-direction: column; inline-size: 100%; block-size: 100%; min-block-size: 0; flex: 1; }
.head { display: flex; align-items: center; gap: .25em; padding: .6em .75em .6em 1.25em; border-block-end: 1px solid var(--line); min-block-size: 3.5em; }
[dir="rtl"] .head { padding: .6em 1.25em .6em .75em; }
.heading { flex: 1; min-inline-size: 0; font-family: var(--serif); font-size: 1.125em; font-weight: 600; line-height: 1.3; text-align: match-parent; }
.body { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1.25em; scrollbar-width: thin;
  scrollbar-color: var(--line) transparent; }
.body:focus-visible { outline-offset: -3px; }
.welcome { max-inline-size: 36em; margin-inline: auto; padding-block: clamp(.5em, 6cqi, 3.5em) 1em; }
.hello { font-family: var(--serif); font-size: clamp(1.5em, 5.2cqi, 1.875em); font-weight: 600; line-height: 1.25; text-wrap: balance; margin-block-end: .5em; }
.lead { color: var(--muted); font-size: 1.0625em; line-height: 1.55; text-wrap: pretty; }
.label { font-size: .8125em; color: var(--muted); margin-block: 2em .6em; font-weight: 600; }
.suggestions { display: grid; gap: .5em; }
.choice { display: flex; align-items: center; justify-content: space-between; gap: 1em; inline-size: 100%; padding: .7em 1em;
  border: 1px solid var(--line); border-radius: var(--radius); background: var(--background); line-height: 1.4; }
.choice:hover { border-color: var(--accent); background: var(--tint); }
.choice svg { color: var(--muted); inline-size: 1em; block-size: 1em; }
.choice:hover svg { color: var(--accent); }
.turns { display: grid; gap: 2.25em; max-inline-size: 44em; margin-inline: auto; }
.turn { display: grid; gap: .9em; min-inline-size: 0; }
.question { justify-self: end; max-inline-size: 88%; padding: .6em 1em; border-radius: var(--radius); border-end-end-radius: 2px;
  background: var(--tint); white-space: pre-wrap; line-height: 1.45; }
.reply { display: grid; gap: .75em; min-inline-size: 0; }
.answer { font-family: var(--serif); font-size: 1.125em; line-height: 1.65; white-space: pre-line; }
.answer:lang(ko), .card blockquote:lang(ko) { word-break: keep-all; }
.sentence { border-radius: 3px; }
.sentence.on { background: var(--mark); box-decoration-break: clone; -webkit-box-decoration-break: clone; }
.chips { white-space: nowrap; font-family: var(--sans); }
.chip { display: inline-flex; align-items: center; justify-content: center; vertical-align: .12em; min-inline-size: 24px; block-size: 24px;
  padding: 2px; font-size: 12px; font-weight: 600; line-height: 1; font-variant-numeric: tabular-nums; }
.chip span { display: grid; place-items: center; min-inline-size: 20px; block-size: 20px; padding-inline: 4px; border-radius: 10px;
  background: var(--tint); color: var(--accent); border: 1px solid transparent; }
.chip:hover span { border-color: var(--accent); }
.chip[aria-expanded="true"] span, .chip[aria-current="true"] span { background: var(--accent); color: var(--on-accent); }
.chip:focus-visible { outline-offset: 0; border-radius: 12px; }
.card { margin-block: .6em; padding: .9em 1em .75em; border: 1px solid var(--line); border-inline-start: 3px solid var(--figure);
  border-radius: 4px var(--radius) var(--radius) 4px; background: var(--soft); font-family: var(--sans); font-size: 1rem; font-size: calc(1em / 1.125);
  line-height: 1.5; white-space: normal; display: grid; gap: .6em; }
.near .card { margin: 0; font-size: .9375em; border-inline-start-color: var(--edge); grid-template-columns: 1fr auto; align-items: end; gap: .5em 1em; }
.near blockquote { grid-column: 1 / -1; }
[dir="rtl"] .card { border-radius: var(--radius) 4px 4px var(--radius); }
.card blockquote { font-family: var(--serif); font-size: 1.0625em; line-height: 1.6; white-space: pre-line; }
mark { background: var(--mark); color: inherit; border-radius: 2px; padding-inline: .1em; font-weight: 600;
  box-shadow: inset 0 -2px 0 var(--figure); -webkit-box-decoration-break: clone; box-decoration-break: clone; }
figcaption { font-size: .875em; line-height: 1.45; color: var(--muted); display: grid; gap: .1em; }
cite { font-style: normal; color: var(--text); font-weight: 600; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .35em .75em; }
.row .link { display: inline-flex; align-items: center; gap: .35em; min-block-size: 24px; font-size: .875em; color: var(--accent);
  text-decoration: underline; text-underline-offset: .18em; }
.row .link svg { inline-size: 1em; block-size: 1em; }
.note { font-size: .8125em; line-height: 1.45; color: var(--muted); }
.kind { display: flex; align-items: center; gap: .5em; font-weight: 600; font-size: .9375em; }
.kind svg { color: var(--muted); }
.said { white-space: pre-wrap; }
.near { display: grid; gap: .6em; }
.near > .label { margin: .5em 0 0; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .15em; margin-inline-start: -.45em; }
.bar .bar { margin-inline-start: .25em; }
.comment { display: grid; gap: .5em; justify-items: start; }
.comment label { font-size: .875em; }
.field { inline-size: 100%; border: 1px solid var(--edge); border-radius: 8px; background: var(--background); padding: .55em .75em; resize: vertical; line-height: 1.45; }
.problem { display: grid; gap: .6em; justify-items: start; padding: .8em 1em; border: 1px solid var(--line); border-inline-start: 3px solid var(--bad);
  border-radius: 4px; background: var(--soft); }
.problem strong { color: var(--bad); font-weight: 600; }
.waiting { display: flex; align-items: center; gap: .6em; color: var(--muted); font-size: .9375em; }
.waiting i { inline-size: .5em; block-size: .5em; border-radius: 50%; background: var(--accent); }
.foot { border-block-start: 1px solid var(--line); padding: .85em 1em calc(.85em + env(safe-area-inset-bottom, 0px)); }
.offline { font-size: .875em; color: var(--bad); padding-block-end: .6em; max-inline-size: 44em; margin-inline: auto; }
.composer { display: flex; align-items: flex-end; gap: .4em; max-inline-size: 44em; margin-inline: auto; border: 1px solid var(--edge); border-radius: var(--radius);
  padding: .3em .3em .3em .9em; background: var(--background); }
[dir="rtl"] .composer { padding: .3em .9em .3em .3em; }
.composer:focus-within { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: -1px; }
.composer textarea { flex: 1; min-inline-size: 0; border: 0; outline: 0; background: none; resize: none; padding: .5em 0; line-height: 1.5; max-block-size: 9.5em; block-size: 2.5em; font-size: max(1em, 16px); }
.composer textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; inline-size: 2.5em; block-size: 2.5em; border-radius: calc(var(--radius) - 3px); background: var(--accent); color: var(--on-accent); flex: none; }
.send:hover { filter: brightness(1.1); }
.send[aria-disabled="true"] { background: var(--soft); color: var(--muted); filter: none; }
.floating { position: fixed; inset-block-end: calc(16px + env(safe-area-inset-bottom, 0px)); inset-inline-end: 16px; z-index: 2147483000; }
.launch { display: flex; align-items: center; gap: .55em; min-block-size: 3.25em; padding: .7em 1.25em; border-radius: 2em; background: var(--accent); color: var(--on-accent);
  font-weight: 600; box-shadow: 0 2px 6px rgb(0 0 0 / .18), 0 8px 24px rgb(0 0 0 / .16); }
.launch:hover { filter: brightness(1.1); }
.launch:focus-visible, .return:focus-visible { outline-offset: 3px; border-radius: 2em; }
.return { display: flex; align-items: center; gap: .5em; min-block-size: 2.75em; padding: .5em 1.1em; border-radius: 2em; background: var(--text); color: var(--background);
  font-size: .9375em; box-shadow: 0 4px 18px rgb(0 0 0 / .25); }
:host([launcher]) .root { position: static; inline-size: 0; block-size: 0; min-block-size: 0; overflow: visible; container-type: normal; background: none; border: 0; }
dialog { position: fixed; margin: 0; padding: 0; border: 1px solid var(--line); inset: auto; inset-block-end: calc(16px + env(safe-area-inset-bottom, 0px)); inset-inline-end: 16px;
  inline-size: min(26em, 100vw - 32px); block-size: min(42em, 100vh - 32px); block-size: min(42em, 100dvh - 32px); max-inline-size: none; max-block-size: none; overflow: hidden;
  border-radius: calc(var(--radius) + 4px); background: var(--background); color: var(--text); container-type: inline-size; z-index: 2147483000;
  box-shadow: 0 2px 8px rgb(0 0 0 / .12), 0 16px 48px rgb(0 0 0 / .2); }
dialog:not([open]) { display: none; }
dialog::backdrop { background: none; }
@media (max-width: 520px), (max-height: 480px) {
  dialog { inset: 0; inline-size: 100vw; inline-size: 100%; block-size: 100vh; block-size: 100dvh; border: 0; border-radius: 0; } }
@container (max-width: 420px) {
  .body { padding: 1em; } .lead { font-size: 1em; } .question { max-inline-size: 94%; } .head { padding-inline: 1em .5em; }
  .answer { font-size: 1.0625em; } .foot { padding-inline: .75em; } }
@media (prefers-reduced-motion: no-preference) {
  .sentence { transition: background-color .15s; }
  .arriving { animation: arrive .35s ease-out both; }
  .waiting i { animation: breathe 1.4s ease-in-out infinite; }
  dialog[open] { animation: rise .18s ease-out; } }
@keyframes arrive { from { opacity: 0; } }
@keyframes breathe { 50% { opacity: .25; } }
@keyframes rise { from { opacity: 0; translate: 0 8px; } }
@media (forced-colors: active) {
  .chip span, .question, .send, .launch, .return, .tool[aria-pressed="true"] { border: 1px solid CanvasText; }
  .chip[aria-expanded="true"] span, .chip[aria-current="true"] span { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  mark, .sentence.on { forced-color-adjust: none; background: Mark; color: MarkText; } }
`;

  const PAGE_STYLE = `
::highlight(herald-quote) { background-color: #ffeeb5; color: #1b2430; }
::highlight(herald-figure) { background-color: #ffd257; color: #1b2430; text-decoration: underline 2px #a46a00; }
`;

  const ICONS = {
    send: 'M12 19V5M6 11l6-6 6 6',
    stop: 'M7 7h10v10H7z',
    close: 'M6 6l12 12M18 6L6 18',
    restart: 'M12 20h8M4 20l1-4L16 5l3 3L8 19z',
    copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
    up: 'M7 11v9H4v-9zM7 11l4-8c1.7 0 2.5 1.3 2.2 3L12.6 9H19a1.8 1.8 0 0 1 1.8 2.2l-1.5 7A2.2 2.2 0 0 1 17.2 20H7',
    down: 'M7 13V4H4v9zM7 13l4 8c1.7 0 2.5-1.3 2.2-3l-.6-3H19a1.8 1.8 0 0 0 1.8-2.2l-1.5-7A2.2 2.2 0 0 0 17.2 4H7',
    out: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
    here: 'M12 4v15M6 13l6 6 6-6',
    back: 'M12 20V5M6 11l6-6 6 6',
    next: 'M5 12h14M13 6l6 6-6 6',
    none: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5M8 11h6',
    ask: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12.5h5',
  };

  // ---------------------------------------------------------------- small things

  /** An element; strings among the children become text nodes, and nothing is ever parsed as HTML. */
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

  const icon = (name, flip = false) => {
    const make = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);
    const svg = make('svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    if (flip) svg.setAttribute('class', 'flip');
    const path = make('path');
    path.setAttribute('d', ICONS[name]);
    svg.append(path);
    return svg;
  };

  /** The stretch of a text between two code points. */
  const cut = (text, start, end) => Array.from(text).slice(start, end).join('');

  /** A link's address if it is an absolute http(s) one, otherwise null: javascript: and data: go nowhere. */
  const safeUrl = (url) => {
    if (typeof url !== 'string' || !URL.canParse(url)) return null;
    const parsed = new URL(url);
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null;
  };

  const SCRIPTS = [[/\p{Script=Hangul}/u, 'ko'], [/[\u3040-\u30ff]/, 'ja'], [/\p{Script=Han}/u, 'zh'],
    [/\p{Script=Arabic}/u, 'ar'], [/\p{Script=Hebrew}/u, 'he']];

  /** A text's language where its script tells, otherwise '' (unknown): it need not be the interface's. */
  const tongue = (text) => SCRIPTS.find(([script]) => script.test(text))?.[1] ?? '';

  /** Attributes of an element that shows a text of unknown language and direction. */
  const foreign = (text, props) => ({ dir: 'auto', lang: tongue(text), ...props });

  /** The reader's own variant of the interface's language: dates are written differently in en-GB and en-US. */
  const localeOf = (lang) => navigator.languages.find((own) => own.toLowerCase().split('-')[0] === lang) ?? lang;

  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

  /** The quote with what stands out in it marked. */
  const marked = ({ quote, highlight_start: start, highlight_end: end }) =>
    Number.isInteger(start) && Number.isInteger(end)
      ? [cut(quote, 0, start), h('mark', {}, cut(quote, start, end)), cut(quote, end)]
      : [quote];

  /** An answer cut after each cited sentence: ``[{gap, text, citations}]``, in the answer's order. */
  const pieces = ({ text, citations }) => {
    const points = Array.from(text);
    const ends = [...new Set(citations.map((c) => c.answer_end)), points.length].sort((a, b) => a - b);
    const found = [];
    let start = 0;
    for (const end of ends) {
      const [, gap, sentence] = /^(\s*)([^]*)$/.exec(points.slice(start, end).join(''));
      const proof = citations.filter((c) => c.answer_end === end);
      if (sentence) found.push({ gap, text: sentence, citations: once(proof) });
      start = end;
    }
    return found;
  };

  const once = (citations) =>
    citations.filter((c, i) => citations.findIndex((d) => d.marker === c.marker) === i);

  // ---------------------------------------------------------------- finding a quote in the page

  const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'TEXTAREA', 'SELECT', 'IFRAME', NAME.toUpperCase()]);

  /** One code point as it is compared: white space and invisible marks vanish, quotes and dashes are alike. */
  const fold = (point) =>
    /[!-~]/.test(point) ? point : point.normalize('NFKD')
      .replace(/[\s\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]/g, '')
      .replace(/[\u2018-\u201b\u2032]/g, "'").replace(/[\u201c-\u201f\u2033]/g, '"').replace(/[\u2010-\u2015\u2212]/g, '-');

  const foldAll = (text) => Array.from(text, fold).join('');

  let pageText = null;

  /** The page's folded text, and for each UTF-16 unit of it the text node and where it stands there. */
  const readPage = () => {
    if (pageText) return pageText;
    const spots = [], parts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === Node.TEXT_NODE ? NodeFilter.FILTER_ACCEPT
        : SKIPPED.has(node.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP);
    while (walker.nextNode()) {
      let offset = 0;
      for (const point of walker.currentNode.data) {
        const folded = fold(point);
        for (let unit = 0; unit < folded.length; unit++) spots.push([walker.currentNode, offset, offset + point.length]);
        parts.push(folded);
        offset += point.length;
      }
    }
    setTimeout(() => (pageText = null)); // The page may change; within one task it does not.
    return (pageText = { text: parts.join(''), spots });
  };

  const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

  /**
   * Where the page shows the citation's quote: ``{quote: Range, figure: Range | null}``, or null.
   *
   * The whole quote has to stand there, white space and typography aside. A page that says something
   * slightly different is not the source, and highlighting it would prove what it does not say.
   */
  const locate = (citation) => {
    const wanted = foldAll(citation.quote);
    const here = safeUrl(citation.url)?.split('#')[0] === location.href.split('#')[0];
    if (!wanted || (!here && wanted.length < 16)) return null; // A short phrase occurs anywhere.
    const { text, spots } = readPage();
    const range = (from, to) => {
      const found = document.createRange();
      found.setStart(spots[from][0], spots[from][1]);
      found.setEnd(spots[to - 1][0], spots[to - 1][2]);
      return found;
    };
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      const quote = range(at, at + wanted.length);
      const folded = elementOf(quote.commonAncestorContainer).closest('details:not([open])');
      if (!folded && !quote.getClientRects().length) continue; // Not displayed: a copy for printing, say.
      const { highlight_start: start, highlight_end: end } = citation;
      if (!Number.isInteger(start) || !Number.isInteger(end)) return { quote, figure: null };
      const before = foldAll(cut(citation.quote, 0, start)).length;
      const within = foldAll(cut(citation.quote, start, end)).length;
      return { quote, figure: within ? range(at + before, at + before + within) : null };
    }
    return null;
  };

  let pageSheet = null;

  /** Highlight what ``locate`` found and scroll to it. The page's own elements stay as they are. */
  const reveal = ({ quote, figure }) => {
    if (globalThis.CSS?.highlights && globalThis.Highlight) {
      if (!pageSheet) {
        pageSheet = new CSSStyleSheet();
        pageSheet.replaceSync(PAGE_STYLE);
        document.adoptedStyleSheets.push(pageSheet);
      }
      CSS.highlights.set('herald-quote', new Highlight(quote));
      const inner = new Highlight(...(figure ? [figure] : []));
      inner.priority = 1;
      CSS.highlights.set('herald-figure', inner);
    } else {
      getSelection().removeAllRanges();
      getSelection().addRange(quote);
    }
    const start = elementOf(quote.startContainer);
    for (let folded = start; (folded = folded.closest('details:not([open])')); ) folded.open = true;
    const box = quote.getBoundingClientRect();
    const tall = start.getBoundingClientRect().height > innerHeight * 0.6;
    start.scrollIntoView({ block: tall ? 'start' : 'center', behavior: calm() || tall ? 'auto' : 'smooth' });
    if (tall) scrollBy({ top: quote.getBoundingClientRect().top - (innerHeight - Math.min(box.height, innerHeight)) / 2 });
  };

  const conceal = () => {
    globalThis.CSS?.highlights?.delete('herald-quote');
    globalThis.CSS?.highlights?.delete('herald-figure');
  };

  // ---------------------------------------------------------------- talking to the server

  /** What went wrong, as a reader meets it: ``kind`` is a key of the strings' ``problem``. */
  class Problem extends Error {
    constructor(kind, detail = '', wait = 0, status = 0) {
      super(detail || kind);
      Object.assign(this, { kind, detail, wait, status });
    }

    /** From a problem document (RFC 9457) and, where there is one, the response that carried it. */
    static of(document, response = null) {
      const status = response?.status ?? document?.status ?? 500;
      const kind = status === 429 ? 'limit' : status === 401 || status === 403 ? 'forbidden'
        : status === 400 || status === 413 || status === 422 ? 'invalid' : 'server';
      const detail = kind === 'invalid' && typeof document?.detail === 'string' ? document.detail : '';
      const after = response?.headers.get('Retry-After') ?? document?.retry_after ?? 0;
      const seconds = Number.isFinite(+after) ? +after : (Date.parse(after) - Date.now()) / 1000;
      return new Problem(kind, detail, Math.ceil(Math.min(Math.max(seconds || 0, 0), 3600)), status);
    }
  }

  /** The events of a server-sent stream, as ``[type, data]``. Comments (heartbeats) only reset the clock. */
  async function* eventsOf(response, heard) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '', type = 'message', data = [];
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        heard();
        buffer += value;
        // A carriage return that ends the chunk may be half of a line's end: wait for the rest.
        const lines = buffer.split(/\r\n|\n|\r(?=[^])/);
        buffer = lines.pop();
        for (const line of lines) {
          if (line === '') {
            if (data.length) yield [type, JSON.parse(data.join('\n'))];
            type = 'message';
            data = [];
          } else if (line.startsWith('event:')) type = line.slice(6).trim();
          else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
        }
      }
    } finally {
      reader.cancel().catch(() => {}); // A stream that broke is already reported, and has nothing to cancel.
    }
  }

  class Client {
    #base;
    #token = null; // '' where none is needed
    #asked = null;

    constructor(base) {
      this.#base = base;
      if (new URL(base).origin === location.origin) this.#token = '';
    }

    /** Fetch a token that is bound to this page's origin. */
    async #authorize() {
      const response = await fetch(new URL('v1/widget/token', this.#base), { method: 'POST', credentials: 'omit' });
      if (!response.ok) throw Problem.of(await response.json().catch(() => null), response);
      this.#token = (await response.json()).token;
    }

    #authorized() {
      this.#asked ??= this.#authorize().finally(() => (this.#asked = null));
      return this.#asked;
    }

    async #send(path, { body, accept = 'application/json', signal }) {
      const headers = { Accept: accept };
      if (body) headers['Content-Type'] = 'application/json';
      if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
      const method = body ? 'POST' : 'GET';
      return fetch(new URL(`v1/${path}`, this.#base), { method, headers, signal, credentials: 'omit', body: body && JSON.stringify(body) });
    }

    /** The response to a request that succeeded; raises Problem otherwise. A token is renewed once. */
    async request(path, options = {}) {
      try {
        if (this.#token === null) await this.#authorized();
        let response = await this.#send(path, options);
        if (response.status === 401) {
          await this.#authorized();
          response = await this.#send(path, options);
        }
        if (!response.ok) throw Problem.of(await response.json().catch(() => null), response);
        return response;
      } catch (error) {
        if (error instanceof Problem || error.name === 'AbortError') throw error;
        throw new Problem(navigator.onLine ? 'unreachable' : 'offline', String(error));
      }
    }

    /** Ask; yields ``[type, data]`` up to and with ``done``. Raises Problem, also for a stream that breaks. */
    async *chat(body, abort) {
      let clock = 0, silent = false;
      const heard = () => {
        clearTimeout(clock);
        clock = setTimeout(() => { silent = true; abort.abort(); }, SILENCE);
      };
      heard();
      try {
        const options = { body: { ...body, stream: true }, accept: 'text/event-stream', signal: abort.signal };
        const response = await this.request('chat', options);
        if (response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
          for await (const event of eventsOf(response, heard)) {
            yield event;
            if (event[0] === 'done') return;
          }
          throw new Problem('cutoff');
        }
        yield ['done', await response.json()];
      } catch (error) {
        if (error instanceof Problem || (error.name === 'AbortError' && !silent)) throw error;
        throw new Problem(navigator.onLine ? 'cutoff' : 'offline', String(error));
      } finally {
        clearTimeout(clock);
      }
    }
  }

  // ---------------------------------------------------------------- the element

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);

  class HeraldChat extends HTMLElement {
    static observedAttributes = ['lang', 'heading', 'contact', 'server', 'citations', 'launcher'];

    #client = null;
    #turns = []; // {question, answer, problem, status, streamed, vote, rated, commenting, opened, note}
    #conversation = null;
    #abort = null; // of the question that is being answered
    #views = new Map(); // turn → the element that shows it
    #suggestions = null;
    #ui = {}; // the parts of the frame that change
    #connected = null; // ends the listeners on the window
    #current = null; // the citation that the page beside shows
    #returnTo = null; // the chip that sent the reader into the page
    #pinned = 0; // how far the conversation was last scrolled for the reader

    constructor() {
      super();
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    }

    // ---- what a page may call

    /** Ask a question as if the reader had typed it. */
    async ask(question) {
      const text = String(question).trim();
      if (!text || this.#abort) return;
      const turn = { question: text };
      this.#turns.push(turn);
      this.#ui.welcome.hidden = true;
      this.#ui.restart.hidden = false;
      this.#paint(turn);
      await this.#answer(turn);
    }

    /** Forget the conversation and begin a new one. */
    clear() {
      this.#abort?.abort();
      this.#abort = null;
      this.#turns = [];
      this.#conversation = null;
      conceal();
      this.#store();
      this.#render();
      this.#suggest();
      this.#focusInput();
      this.dispatchEvent(new CustomEvent('herald-clear', { bubbles: true, composed: true }));
    }

    /** Open the panel of a launcher. */
    open() {
      const dialog = this.#ui.dialog;
      if (!dialog || dialog.open) return;
      this.#ui.launch.hidden = true;
      // On a phone the panel covers the page, which must then not be reachable behind it.
      if (this.#covers()) dialog.showModal();
      else dialog.show();
      this.#suggest();
      this.#follow(this.#turns.at(-1));
      if (!matchMedia('(pointer: coarse)').matches) this.#ui.input.focus();
    }

    /** Close the panel of a launcher. */
    close() {
      this.#ui.dialog?.close();
    }

    /** With citations="beside": mark the number of the citation that the page shows; null for none. */
    select(citation) {
      this.#current = citation;
      for (const chip of this.shadowRoot.querySelectorAll('.chip')) {
        if (chip.citation === citation) chip.setAttribute('aria-current', 'true');
        else chip.removeAttribute('aria-current');
      }
    }

    /** The response to ``GET v1/{path}`` with this element's access; raises where it does not succeed. */
    request(path) {
      return this.#client.request(path);
    }

    /** The latest answer of the conversation, as the server sent it; null where there is none. */
    get answer() {
      return this.#turns.findLast((turn) => turn.answer)?.answer ?? null;
    }

    // ---- life in the page

    connectedCallback() {
      this.#connected = new AbortController();
      const { signal } = this.#connected;
      addEventListener('online', () => this.#online(), { signal });
      addEventListener('offline', () => this.#online(), { signal });
      this.#connect();
    }

    disconnectedCallback() {
      this.#connected.abort();
      this.#abort?.abort();
      this.#abort = null;
      conceal();
    }

    attributeChangedCallback(name, before, after) {
      if (before === after || !this.#client) return;
      if (name === 'server') this.#connect();
      else this.#render();
    }

    #connect() {
      const own = SCRIPT ? new URL('.', SCRIPT.src).href : new URL('.', document.baseURI).href;
      const base = new URL(this.getAttribute('server') || own, document.baseURI).href.replace(/\/*$/, '/');
      this.#client = new Client(base);
      this.#key = `herald:${base}`;
      this.#suggestions = null;
      this.#restore();
      this.#render();
      if (!this.hasAttribute('launcher')) this.#suggest();
    }

    get #lang() {
      const wanted = this.getAttribute('lang') || this.closest('[lang]')?.lang || navigator.language || 'en';
      return wanted.toLowerCase().split(/[-_]/)[0];
    }

    get #t() {
      return STRINGS[this.#lang] ?? STRINGS.en;
    }

    get #beside() {
      return this.getAttribute('citations') === 'beside';
    }

    #covers() {
      return this.hasAttribute('launcher') && matchMedia('(max-width: 520px), (max-height: 480px)').matches;
    }

    // ---- what outlives a page, for the visit

    #key = '';

    #store() {
      const turns = this.#turns.slice(-KEPT_TURNS).map(({ question, answer, problem, vote }) => ({ question, answer, vote, problem: problem?.kind }));
      try {
        sessionStorage.setItem(this.#key, JSON.stringify({ conversation: this.#conversation, turns }));
      } catch (error) {
        // Storage that is full or forbidden costs the history across pages, not the conversation.
        console.info('herald: the conversation is not kept across pages:', error.name);
      }
    }

    #restore() {
      let kept = null;
      try {
        kept = JSON.parse(sessionStorage.getItem(this.#key));
      } catch (error) {
        console.info('herald: no earlier conversation:', error.name);
      }
      this.#conversation = kept?.conversation ?? null;
      this.#turns = (Array.isArray(kept?.turns) ? kept.turns : []).map(({ question, answer, vote, problem }) => ({
        question, answer, vote, problem: answer ? null : new Problem(problem ?? 'cutoff') }));
    }

    // ---- asking

    async #answer(turn) {
      const abort = (this.#abort = new AbortController());
      Object.assign(turn, { answer: null, problem: null, streamed: [], status: '', opened: null, note: '', until: undefined });
      this.#store();
      this.#busy();
      this.#paint(turn);
      this.#follow(turn);
      this.#say(this.#t.searching);
      try {
        await this.#receive(turn, abort);
      } catch (error) {
        turn.problem = error instanceof Problem ? error : new Problem(error.name === 'AbortError' ? 'stopped' : 'server', String(error));
      }
      if (this.#abort !== abort) return; // Cleared, or gone from the page, meanwhile.
      this.#abort = null;
      this.#busy();
      this.#paint(turn);
      this.#store();
      this.#settled(turn);
    }

    async #receive(turn, abort, again = true) {
      try {
        const body = { message: turn.question, conversation_id: this.#conversation, mode: null };
        for await (const [type, data] of this.#client.chat(body, abort)) {
          if (type === 'status') turn.status = String(data.text ?? '');
          else if (type === 'sentence') turn.streamed.push(this.#streamed(turn, data));
          else if (type === 'error') throw Problem.of(data);
          else if (type === 'done') this.#accept(turn, data);
          if (this.#abort === abort && type !== 'done') this.#paint(turn);
        }
      } catch (error) {
        if (!(error.status === 404 && this.#conversation && again)) throw error;
        this.#conversation = null;
        turn.note = this.#t.forgotten;
        await this.#receive(turn, abort, false);
      }
    }

    #streamed({ streamed }, { text, answer_start: start, citations }) {
      const last = streamed.at(-1);
      const end = start + Array.from(text).length;
      return { gap: last && start > last.end ? ' ' : '', text, end, citations: once(citations ?? []) };
    }

    #accept(turn, answer) {
      if (typeof answer?.text !== 'string' || !Array.isArray(answer.citations)) throw new Problem('server');
      turn.answer = answer;
      this.#conversation = answer.conversation_id;
    }

    #settled(turn) {
      const { answer, problem } = turn;
      if (problem) {
        const { input } = this.#ui;
        if (problem.kind === 'invalid' && !input.value) input.value = turn.question; // To be put differently.
        this.#grow();
        return this.#say(`${this.#t.problem[problem.kind]} ${problem.kind === 'invalid' ? problem.detail : ''}`);
      }
      const count = new Set(answer.citations.map((c) => c.marker)).size;
      this.#say(`${this.#t.answerFollows} ${answer.text} ${count ? this.#t.sources(count) : ''}`);
      this.dispatchEvent(new CustomEvent('herald-answer', { detail: { answer }, bubbles: true, composed: true }));
    }

    async #suggest() {
      if (this.#suggestions || this.#turns.length) return;
      this.#suggestions = [];
      try {
        const { questions } = await (await this.#client.request('suggestions')).json();
        this.#suggestions = (Array.isArray(questions) ? questions : []).filter((q) => typeof q === 'string').slice(0, 5);
        this.#ui.suggestions.replaceChildren(...this.#choices(this.#suggestions));
        this.#ui.suggested.hidden = !this.#suggestions.length;
      } catch (error) {
        // Without suggestions the reader can still ask; asking will say what is wrong.
        console.info('herald: no suggestions:', error.message);
      }
    }

    // ---- the frame

    #render() {
      const t = this.#t;
      const ui = this.#ui;
      const draft = ui.input?.value ?? '';
      const wasOpen = ui.dialog?.open;
      const launcher = this.hasAttribute('launcher');
      const heading = this.getAttribute('heading') ?? t.heading;

      ui.restart = h('button', { class: 'tool', type: 'button', hidden: !this.#turns.length, 'aria-label': t.restart, title: t.restart, onclick: () => this.clear() }, icon('restart'));
      ui.suggestions = h('ul', { class: 'suggestions' }, this.#choices(this.#suggestions ?? []));
      ui.suggested = h('div', { hidden: !this.#suggestions?.length }, h('p', { class: 'label', id: 'suggested' }, t.suggestions), ui.suggestions);
      ui.suggestions.setAttribute('aria-labelledby', 'suggested');
      ui.welcome = h('div', { class: 'welcome', hidden: this.#turns.length > 0 }, h('p', { class: 'hello' }, t.welcome), h('p', { class: 'lead' }, t.lead), ui.suggested);
      ui.turns = h('div', { class: 'turns' });
      ui.body = h('div', { class: 'body', role: 'group', tabindex: '0', 'aria-label': t.conversation }, ui.welcome, ui.turns);
      ui.input = h('textarea', { id: 'question', rows: '1', dir: 'auto', placeholder: t.placeholder, autocomplete: 'off', enterkeyhint: 'send', autofocus: launcher,
        oninput: () => this.#grow(), onkeydown: (event) => this.#typed(event) });
      ui.input.value = draft;
      ui.send = h('button', { class: 'send', type: 'submit' });
      ui.offline = h('p', { class: 'offline', role: 'status', hidden: true });
      ui.live = h('div', { class: 'quiet', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'true' });
      const form = h('form', { class: 'composer', novalidate: true, onsubmit: (event) => this.#submitted(event) },
        h('label', { class: 'quiet', for: 'question' }, t.label), ui.input, ui.send);
      const panel = h('section', { class: 'panel', part: 'panel', 'aria-label': heading || t.conversation },
        h('div', { class: 'head' }, h('p', { class: 'heading', dir: 'auto' }, heading), ui.restart,
          launcher && h('button', { class: 'tool', type: 'button', 'aria-label': t.close, title: t.close, onclick: () => this.close() }, icon('close'))),
        ui.body, h('div', { class: 'foot' }, ui.offline, form), ui.live);
      ui.back = h('button', { class: 'floating return', type: 'button', hidden: true, onclick: () => this.#goBack() }, icon('back'), t.back);
      const root = h('div', { class: 'root', lang: STRINGS[this.#lang] ? this.#lang : 'en', dir: this.#direction(), onkeydown: (event) => this.#keyed(event) });
      if (launcher) this.#frame(root, panel, heading);
      else root.append(panel, ui.back);
      this.shadowRoot.replaceChildren(root);

      this.#views.clear();
      this.#turns.forEach((turn) => this.#paint(turn));
      this.#busy();
      this.#online();
      this.#grow();
      this.#follow(this.#turns.at(-1));
      if (wasOpen) this.open();
    }

    #frame(root, panel, heading) {
      const ui = this.#ui;
      ui.launch = h('button', { class: 'floating launch', part: 'launcher', type: 'button', 'aria-haspopup': 'dialog', onclick: () => this.open() }, icon('ask'), this.#t.launch);
      ui.dialog = h('dialog', { part: 'dialog', 'aria-label': heading || this.#t.conversation, onclose: () => {
        ui.launch.hidden = false;
        ui.launch.focus({ preventScroll: true });
      } }, panel);
      root.append(ui.launch, ui.dialog, ui.back);
    }

    #direction() {
      const marked = this.closest('[dir]')?.getAttribute('dir');
      if (marked === 'rtl' || marked === 'ltr') return marked;
      return ['ar', 'fa', 'he', 'ur'].includes(this.#lang) ? 'rtl' : 'ltr';
    }

    #choices(questions) {
      return questions.map((question) => h('li', {}, h('button', foreign(question, { class: 'choice', type: 'button', onclick: () => this.#choose(question) }), question, icon('next', true))));
    }

    #choose(question) {
      this.#focusInput();
      this.ask(question);
    }

    /** Where focus goes when the button that had it disappears. A phone's keyboard would hide the answer. */
    #focusInput() {
      (matchMedia('(pointer: coarse)').matches ? this.#ui.body : this.#ui.input).focus({ preventScroll: true });
    }

    #busy() {
      const { send } = this.#ui;
      const label = this.#abort ? this.#t.stop : this.#t.send;
      send.replaceChildren(icon(this.#abort ? 'stop' : 'send'));
      send.setAttribute('aria-label', label);
      send.title = label;
      this.#ui.body.setAttribute('aria-busy', String(Boolean(this.#abort)));
      this.#grow();
    }

    #online() {
      this.#ui.offline.textContent = navigator.onLine ? '' : this.#t.offline;
      this.#ui.offline.hidden = navigator.onLine;
    }

    #grow() {
      const { input, send } = this.#ui;
      send.setAttribute('aria-disabled', String(!this.#abort && !input.value.trim()));
      input.style.blockSize = 'auto';
      if (input.scrollHeight) input.style.blockSize = `${input.scrollHeight}px`;
      else input.style.removeProperty('block-size');
    }

    #typed(event) {
      // Enter that ends the composition of a syllable (Korean, Japanese, Chinese) does not send.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!this.#abort) this.#submitted(event);
    }

    #submitted(event) {
      event.preventDefault();
      if (this.#abort) return this.#abort.abort();
      const { input } = this.#ui;
      const question = input.value;
      if (!question.trim()) return input.focus();
      input.value = '';
      this.#grow();
      this.ask(question);
    }

    #keyed(event) {
      if (event.key !== 'Escape' || event.isComposing) return;
      const opened = this.#turns.find((turn) => turn.opened && this.#views.get(turn)?.contains(this.shadowRoot.activeElement));
      if (opened) this.#shut(opened);
      else if (this.#ui.dialog?.open) this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    /** Tell a screen reader, once and whole: sentence by sentence would interrupt itself. */
    #say(text) {
      this.#ui.live.textContent = text;
    }

    /** Scroll to a turn's end, but never past its question. */
    #follow(turn) {
      const { body } = this.#ui;
      const view = this.#views.get(turn);
      if (view) body.scrollTop += Math.min(view.getBoundingClientRect().top - body.getBoundingClientRect().top - 16, body.scrollHeight);
      this.#pinned = body.scrollTop;
    }

    // ---- one turn

    #paint(turn) {
      const body = this.#ui.body;
      // A reader who has scrolled elsewhere while the answer arrives is left there.
      const following = turn.streamed && Math.abs(body.scrollTop - this.#pinned) < 4;
      const before = this.#views.get(turn);
      const focused = before?.contains(this.shadowRoot.activeElement) ? this.shadowRoot.activeElement.dataset.key : null;
      const number = this.#turns.indexOf(turn);
      const view = h('article', { class: 'turn', 'aria-labelledby': `asked-${number}` },
        h('p', foreign(turn.question, { class: 'question', id: `asked-${number}` }), h('span', { class: 'quiet' }, this.#t.asked, ' '), turn.question),
        h('div', { class: 'reply' }, this.#reply(turn, number)));
      if (before) before.replaceWith(view);
      else this.#ui.turns.append(view);
      this.#views.set(turn, view);
      if (focused) view.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
      if (following) this.#follow(turn);
    }

    #reply(turn, number) {
      const { answer, problem, note } = turn;
      const parts = [note && h('p', { class: 'note' }, note)];
      if (answer?.status === 'answered') parts.push(...this.#answered(turn, number));
      else if (answer) parts.push(...this.#refused(turn, number));
      else {
        if (turn.streamed?.length) parts.push(this.#text(turn, turn.streamed, number, !problem));
        parts.push(problem ? this.#failed(turn) : this.#waiting(turn));
      }
      if (answer) parts.push(this.#bar(turn, number));
      return parts;
    }

    #waiting({ status }) {
      // The server's own words are English; a reader of another language gets the interface's.
      return h('p', { class: 'waiting' }, h('i'), (this.#lang === 'ko' ? '' : status) || this.#t.searching);
    }

    #failed(turn) {
      const { kind, detail, wait } = turn.problem;
      const retry = h('button', { class: 'plain', type: 'button', 'data-key': 'retry', onclick: () => {
        if (this.#abort || retry.getAttribute('aria-disabled') === 'true') return;
        this.#focusInput();
        this.#answer(turn);
      } }, this.#t.retry);
      if (wait) this.#countDown(turn, retry);
      return h('div', { class: 'problem' },
        h('p', {}, h('strong', {}, this.#t.problem[kind] ?? this.#t.problem.server), kind === 'invalid' && detail ? ` ${detail}` : null),
        kind === 'forbidden' || kind === 'invalid' ? null : retry);
    }

    #countDown(turn, button) {
      turn.until ??= Date.now() + turn.problem.wait * 1000;
      const tick = () => {
        const left = Math.ceil((turn.until - Date.now()) / 1000);
        button.setAttribute('aria-disabled', String(left > 0));
        button.textContent = left > 0 ? this.#t.wait(left) : this.#t.retry;
        if (left > 0) setTimeout(tick, 250);
        else turn.until = undefined;
      };
      tick();
    }

    #answered(turn, number) {
      const { answer } = turn;
      const { standalone_question: understood } = answer;
      const same = !understood || foldAll(understood).toLowerCase() === foldAll(turn.question).toLowerCase();
      return [
        same ? null : h('p', { class: 'note' }, this.#t.understood, ' ', h('span', foreign(understood), understood)),
        this.#text(turn, pieces(answer), number, false),
        h('p', { class: 'note' }, [answer.mode === 'generated' ? this.#t.generated : this.#t.verbatim,
          answer.citations.some((c) => c.derived) && this.#t.derived,
          answer.withdrawn > 0 && this.#t.withdrawn(answer.withdrawn)].filter(Boolean).join(' · ')),
        answer.notice ? h('p', foreign(answer.notice, { class: 'note' }), answer.notice) : null,
      ];
    }

    #text(turn, parts, number, arriving) {
      const whole = parts.map((piece) => piece.text).join(' ');
      const node = h('div', foreign(whole, { class: 'answer' }));
      parts.forEach((piece, index) => {
        const fresh = arriving && !piece.shown;
        piece.shown = true;
        const sentence = h('span', { class: fresh ? 'sentence arriving' : 'sentence' }, piece.text);
        const chips = piece.citations.map((citation) => this.#chip(turn, citation, `${number}-${index}-${citation.marker}`, sentence));
        node.append(piece.gap, sentence);
        if (chips.length) node.append(h('span', { class: fresh ? 'chips arriving' : 'chips' }, '\u202f', chips));
        const opened = piece.citations.find((citation) => turn.opened === `${number}-${index}-${citation.marker}`);
        if (opened) node.append(this.#card(opened, turn.opened, () => this.#shut(turn)));
      });
      return node;
    }

    #chip(turn, citation, key, sentence) {
      const beside = this.#beside;
      const point = (on) => {
        sentence.classList.toggle('on', on);
        this.#emit('herald-point', { citation: on ? citation : null });
      };
      const chip = h('button', {
        class: 'chip', type: 'button', 'data-key': key, 'aria-label': this.#t.source(citation.marker, citation.title),
        'aria-expanded': beside ? null : String(turn.opened === key), 'aria-controls': beside || turn.opened !== key ? null : `card-${key}`,
        onpointerenter: () => point(true), onpointerleave: () => point(false), onfocus: () => point(true), onblur: () => point(false),
        'aria-current': this.#current === citation ? 'true' : null,
        onclick: () => this.#cite(turn, citation, key),
      }, h('span', {}, String(citation.marker)));
      chip.citation = citation;
      return chip;
    }

    #emit(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    }

    #cite(turn, citation, key) {
      if (this.#beside) this.select(citation);
      else {
        turn.opened = turn.opened === key ? null : key;
        this.#paint(turn);
        const card = this.shadowRoot.getElementById(`card-${key}`);
        card?.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
        if (turn.opened && !this.#covers()) this.#reveal(citation, key);
        if (!turn.opened) conceal();
      }
      this.#emit('herald-cite', { citation, answer: turn.answer ?? null });
    }

    #shut(turn) {
      const key = turn.opened;
      turn.opened = null;
      conceal();
      this.#paint(turn);
      this.shadowRoot.querySelector(`.chip[data-key="${key}"]`)?.focus();
    }

    /** Show the citation in this very page, where the page holds its words. */
    #reveal(citation, key) {
      const found = locate(citation);
      if (!found) return;
      if (this.#covers()) this.close();
      reveal(found);
      if (this.hasAttribute('launcher')) return; // It floats, so it stays in sight.
      this.#returnTo = key;
      setTimeout(() => {
        const box = this.#returnChip().getBoundingClientRect();
        this.#ui.back.hidden = box.bottom > 0 && box.top < innerHeight;
      }, calm() ? 0 : 700); // The browser does not say when smooth scrolling has ended.
    }

    #returnChip() {
      return this.shadowRoot.querySelector(`.chip[data-key="${this.#returnTo}"]`) ?? this.#ui.input;
    }

    #goBack() {
      this.#ui.back.hidden = true;
      const chip = this.#returnChip();
      chip.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' });
      chip.focus({ preventScroll: true });
    }

    #card(citation, key, shut = null) {
      const t = this.#t;
      const url = safeUrl(citation.url);
      const here = !this.#beside && locate(citation);
      const action = (text, name, onclick) => h('button', { class: 'link', type: 'button', 'data-key': `${name}-${key}`, onclick }, icon(name), text);
      return h('figure', { class: 'card', id: `card-${key}`, 'aria-label': citation.marker ? t.quote(citation.marker) : t.nearest },
        h('blockquote', foreign(citation.quote), marked(citation)),
        h('figcaption', {}, h('cite', foreign(citation.title), citation.title), this.#meta(citation)),
        h('div', { class: 'row' },
          this.#beside && action(t.show, 'here', () => this.#emit('herald-cite', { citation, answer: null })),
          here && action(t.show, 'here', () => this.#reveal(citation, key)),
          !here && !this.#beside && url && h('a', { class: 'link', href: url, target: '_blank', rel: 'noopener', 'data-key': `out-${key}` }, t.open, icon('out', true), h('span', { class: 'quiet' }, t.tab)),
          shut && action(t.shut, 'close', shut)));
    }

    #meta({ published, speaker }) {
      const day = /^\d{4}-\d\d-\d\d/.exec(published ?? '')?.[0];
      const date = day && new Intl.DateTimeFormat(localeOf(this.#lang), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
      const parts = [speaker, date].filter(Boolean);
      return parts.length ? h('span', {}, parts.join(' · ')) : null;
    }

    #refused(turn, number) {
      const t = this.#t;
      const { answer } = turn;
      const clarify = answer.status === 'clarify';
      const nearest = answer.refusal?.nearest ?? [];
      const readings = (answer.refusal?.readings ?? []).filter((reading) => typeof reading === 'string');
      const label = clarify ? t.ambiguous : answer.refusal?.reason === 'out_of_scope' ? t.scope : t.refused;
      return [
        h('p', { class: 'kind' }, icon(clarify ? 'ask' : 'none'), label),
        h('p', foreign(answer.text, { class: 'said' }), answer.text),
        readings.length ? h('ul', { class: 'suggestions' }, this.#choices(readings)) : null,
        nearest.length && !clarify ? h('div', { class: 'near' }, h('p', { class: 'label' }, t.nearest),
          nearest.slice(0, 3).map((citation, index) => this.#card(citation, `${number}-near-${index}`))) : null,
        clarify ? null : this.#contact(),
      ];
    }

    #contact() {
      const contact = this.getAttribute('contact');
      if (!contact) return null;
      const mail = /^[^\s@:]+@[^\s@]+$/.test(contact) ? `mailto:${contact}` : null;
      const href = mail ?? (/^(mailto|tel):/i.test(contact) ? contact : safeUrl(contact));
      return h('p', {}, this.#t.contact, ' ', href ? h('a', { href }, contact.replace(/^(mailto|tel):/i, '')) : contact);
    }

    // ---- what a reader does with an answer

    #bar(turn, number) {
      const t = this.#t;
      const vote = (value) => h('button', { class: 'tool', type: 'button', 'data-key': `${value}-${number}`, 'aria-label': t[value], title: t[value],
        'aria-pressed': String(turn.vote === value), onclick: () => this.#rate(turn, value, null) }, icon(value));
      return h('div', { class: 'reply' },
        h('div', { class: 'bar' },
          turn.answer.status === 'answered' && h('button', { class: 'tool', type: 'button', 'data-key': `copy-${number}`, onclick: () => this.#copy(turn) }, icon('copy'), turn.copied ?? t.copy),
          h('span', { class: 'bar', role: 'group', 'aria-label': t.rate }, vote('up'), vote('down'))),
        turn.rated && h('p', { class: 'note' }, turn.rated),
        turn.commenting && this.#comment(turn, number));
    }

    #comment(turn, number) {
      const id = `comment-${number}`;
      const field = h('textarea', { id, class: 'field', rows: '2', dir: 'auto', maxlength: '2000', 'data-key': id, oninput: () => (turn.draft = field.value) });
      field.value = turn.draft ?? '';
      return h('form', { class: 'comment', novalidate: true, onsubmit: (event) => {
        event.preventDefault();
        if (field.value.trim()) this.#rate(turn, turn.vote, field.value.trim());
      } }, h('label', { for: id }, this.#t.comment), field, h('button', { class: 'plain', type: 'submit', 'data-key': `tell-${number}` }, this.#t.sendComment));
    }

    async #rate(turn, value, comment) {
      const before = turn.vote;
      Object.assign(turn, { vote: value, rated: null });
      try {
        const path = `answers/${encodeURIComponent(turn.answer.id)}/feedback`;
        await this.#client.request(path, { body: { value, comment } });
        Object.assign(turn, { rated: comment ? this.#t.thanksComment : this.#t.thanks, commenting: !comment, draft: comment ? '' : turn.draft });
      } catch (error) {
        console.info('herald: the rating was not saved:', error.message);
        Object.assign(turn, { vote: before, rated: this.#t.unrated });
      }
      const field = this.#views.get(turn)?.contains(this.shadowRoot.activeElement);
      this.#paint(turn);
      if (comment && field) this.shadowRoot.querySelector(`[data-key="${value}-${this.#turns.indexOf(turn)}"]`)?.focus();
      this.#say(turn.rated);
      this.#store();
    }

    /** The answer with its numbers, and below it what each number stands for. */
    #attributed({ text, citations }) {
      const body = pieces({ text, citations }).map((piece) => piece.gap + piece.text + piece.citations.map((c) => ` [${c.marker}]`).join('')).join('');
      const notes = once(citations).map((c) => [`[${c.marker}] “${c.quote}”`, [c.title, c.published].filter(Boolean).join(', '), safeUrl(c.url)].filter(Boolean).join('\n    '));
      return `${body}\n\n${notes.join('\n')}\n`;
    }

    async #copy(turn) {
      const text = this.#attributed(turn.answer);
      try {
        if (navigator.clipboard?.writeText) await navigator.clipboard.writeText(text);
        else if (!this.#copyOldWay(text)) throw new Error('refused');
        turn.copied = this.#t.copied;
      } catch (error) {
        turn.copied = this.#copyOldWay(text) ? this.#t.copied : this.#t.uncopied;
      }
      this.#paint(turn);
      this.#say(turn.copied);
      setTimeout(() => {
        turn.copied = null;
        if (this.#views.has(turn)) this.#paint(turn);
      }, 2500);
    }

    /** Pages without https have no clipboard interface, and a frame may be denied it. */
    #copyOldWay(text) {
      const focused = this.shadowRoot.activeElement;
      const field = h('textarea', { class: 'quiet', 'aria-hidden': 'true', tabindex: '-1' });
      field.value = text;
      this.#ui.body.append(field);
      field.select();
      const copied = document.execCommand('copy');
      field.remove();
      focused?.focus({ preventScroll: true });
      return copied;
    }
  }

  customElements.define(NAME, HeraldChat);

  // ---------------------------------------------------------------- the script tag's own button

  const ATTRIBUTES = ['server', 'lang', 'theme', 'heading', 'contact'];

  /** A page that loads the script and has no element of its own gets the button. */
  const launch = () => {
    if (SCRIPT.dataset.launcher === 'off' || document.querySelector(NAME)) return;
    const chat = h(NAME, { launcher: true });
    for (const name of ATTRIBUTES) {
      const value = SCRIPT.getAttribute(`data-${name}`);
      if (value !== null) chat.setAttribute(name, value);
    }
    document.body.append(chat);
  };

  if (SCRIPT && document.readyState === 'loading') document.addEventListener('DOMContentLoaded', launch);
  else if (SCRIPT) launch();
})();
