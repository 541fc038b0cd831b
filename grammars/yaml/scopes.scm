(document) @scope

(block_mapping_pair
  value: (block_node (anchor (anchor_name) @binding)))
(flow_node (anchor (anchor_name) @binding))
