; The sections of a Markdown file, by their headings

(section
  .
  (atx_heading heading_content: (_) @name)
  .
  (_)? @body) @definition.module

(setext_heading heading_content: (_) @name) @definition.module
