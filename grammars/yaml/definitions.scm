; Only the keys at the top of a document; deeper ones repeat from file to file.
(document
  (block_node
    (block_mapping
      (block_mapping_pair
        key: (_) @name
        value: (flow_node)? @value) @definition.field)))
