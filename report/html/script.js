// Sorting and filtering of tables, and opening what a link points into. Nothing of the report depends on it.
for (const table of document.querySelectorAll('table.sort')) {
  const body = table.tBodies[0];
  table.querySelectorAll('thead th').forEach((th, i) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = th.textContent;
    th.textContent = '';
    th.append(button);
    let down = th.classList.contains('n');
    button.addEventListener('click', () => {
      const key = row => row.cells[i].dataset.v ?? row.cells[i].textContent;
      const rows = [...body.rows].sort((a, b) => key(a).localeCompare(key(b), undefined, {numeric: true}));
      body.append(...(down ? rows.reverse() : rows));
      th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      down = !down;
    });
  });
  if (body.rows.length > 12) {
    const input = document.createElement('input');
    input.className = 'filter';
    input.type = 'search';
    input.placeholder = 'Filter these ' + body.rows.length + ' rows';
    input.setAttribute('aria-label', input.placeholder);
    input.addEventListener('input', () => {
      const want = input.value.toLowerCase();
      for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(want);
    });
    const wide = table.closest('.scroll'); // what scrolls takes its table along, and a filter should stay
    (wide ?? table).before(input);
  }
}
const reveal = () => {
  const at = location.hash && document.getElementById(location.hash.slice(1));
  for (let e = at; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
};
addEventListener('hashchange', reveal);
reveal();
