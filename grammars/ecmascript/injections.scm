; Template literals whose tag says what they hold: html`…`, css`…`, sql`…`, graphql`…`

((call_expression
  function: (identifier) @injection.language
  arguments: (template_string (string_fragment) @injection.content))
  (#any-of? @injection.language "css" "html" "json" "markdown" "sql"))
