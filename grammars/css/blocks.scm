; Where suggestions may end in CSS.

(stylesheet (_) @statement)
(block (_) @statement)
(keyframe_block_list (_) @statement)

[(block) (keyframe_block_list)] @block
