'use strict';
// Filters the cases by text, tag, outcome and change; opens the one that the address names.
(() => {
  const form = document.getElementById('filters');
  const search = document.getElementById('search');
  const tag = document.getElementById('tag');
  const count = document.getElementById('count');
  const cases = [...document.querySelectorAll('#list > .case')].map((element) => ({
    element,
    outcome: element.dataset.outcome,
    tags: element.dataset.tags.split('\n'),
    moved: 'moved' in element.dataset,
    text: null,
  }));

  const plain = (text) => text.toLocaleLowerCase().replace(/\s+/g, ' ').trim();
  // Read when first searched: not every reader does, and it takes a moment.
  const textOf = (item) => (item.text ??= plain(item.element.textContent));
  const checked = (name) => [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);

  function filter() {
    const words = plain(search.value).split(' ').filter(Boolean);
    const outcomes = checked('outcome');
    const moved = checked('moved').length > 0;
    let shown = 0;
    for (const item of cases) {
      const fits =
        (!outcomes.length || outcomes.includes(item.outcome)) &&
        (!moved || item.moved) &&
        (!tag.value || item.tags.includes(tag.value)) &&
        words.every((word) => textOf(item).includes(word));
      item.element.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown === cases.length ? `${shown} cases` : `${shown} of ${cases.length} cases`;
  }

  function openNamed() {
    const named = document.getElementById(location.hash.slice(1));
    if (named?.matches('.case')) {
      named.hidden = false;
      named.open = true;
      named.scrollIntoView();
    }
  }

  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  for (const button of document.querySelectorAll('button[data-tag]')) {
    button.addEventListener('click', () => {
      tag.value = button.dataset.tag;
      filter();
      document.getElementById('cases').scrollIntoView();
      tag.focus({ preventScroll: true });
    });
  }
  addEventListener('hashchange', openNamed);
  filter(); // A browser keeps what was typed before the page was loaded anew.
  openNamed();
})();
