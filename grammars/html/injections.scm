; Scripts and styles: what their `lang` or `type` says, else JavaScript and CSS. A script of a type
; that is not listed is left alone.

((script_element (start_tag) @_tag (raw_text) @injection.content)
  (#set! injection.language "javascript")
  (#not-match? @_tag "(?i)\\s(lang|type)\\s*="))

((script_element (start_tag) @_tag (raw_text) @injection.content)
  (#set! injection.language "javascript")
  (#match? @_tag "(?i)\\stype\\s*=\\s*[\"']?(module|(text|application)/(java|ecma)script)\\b")
  (#not-match? @_tag "(?i)\\slang\\s*="))

((script_element (start_tag) @_tag (raw_text) @injection.content)
  (#set! injection.language "json")
  (#match? @_tag "(?i)\\stype\\s*=\\s*[\"']?(application/(\\w+\\+)?json|importmap)\\b"))

((style_element (start_tag) @_tag (raw_text) @injection.content)
  (#set! injection.language "css")
  (#not-match? @_tag "(?i)\\slang\\s*="))

((_
  (start_tag (attribute
    (attribute_name) @_attribute
    (quoted_attribute_value (attribute_value) @injection.language)))
  (raw_text) @injection.content)
  (#eq? @_attribute "lang"))
