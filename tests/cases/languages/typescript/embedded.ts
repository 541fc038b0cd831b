const page = html`<p>${title}</p><br>`;
const style = css`
    a { color: red; }
`;
const rows = sql`select * from books where id = ${id}`;
const plain = `select 1`;
const other = tag`x`;
