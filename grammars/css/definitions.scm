; What a stylesheet defines for pages and other stylesheets. A class or an id is looked for at most
; four combinators deep in a selector; the whole rule is its definition.

(rule_set
  (selectors [
    (class_selector (class_name) @name)
    (_ (class_selector (class_name) @name))
    (_ (_ (class_selector (class_name) @name)))
    (_ (_ (_ (class_selector (class_name) @name))))
    (_ (_ (_ (_ (class_selector (class_name) @name)))))
  ])) @definition.class

(rule_set
  (selectors [
    (id_selector (id_name) @name)
    (_ (id_selector (id_name) @name))
    (_ (_ (id_selector (id_name) @name)))
    (_ (_ (_ (id_selector (id_name) @name))))
    (_ (_ (_ (_ (id_selector (id_name) @name)))))
  ])) @definition.class

(keyframes_statement (keyframes_name) @name) @definition.constant

((declaration . (property_name) @name . (_) @value) @definition.variable
  (#match? @name "^--"))
