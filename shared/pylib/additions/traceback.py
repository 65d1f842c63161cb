

# What asks for a syntax tree is done by native code.
import _carets


def _extract_caret_anchors_from_line_segment(segment):
    found = _carets.anchors(segment)
    return found and _Anchors(*found)


def _should_show_carets(self, start_offset, end_offset, all_lines, anchors):
    return _carets.show(start_offset, end_offset, all_lines)


StackSummary._should_show_carets = _should_show_carets
