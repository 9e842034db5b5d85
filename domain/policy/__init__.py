"""Policy packs: a written procedure as data. Models, parsing, checking and matching; pure, and not about any one business."""
