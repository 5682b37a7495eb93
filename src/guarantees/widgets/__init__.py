"""What a reader can take hold of: one small Python class, one script and one style per widget."""

from guarantees.widgets.deterrence_lab import DeterrenceLab
from guarantees.widgets.guarantee_designer import GuaranteeDesigner
from guarantees.widgets.model_explorer import ModelExplorer
from guarantees.widgets.price_tag import PriceTag
from guarantees.widgets.quiz import Quiz
from guarantees.widgets.source_lens import SourceLens
from guarantees.widgets.timeline import Timeline
from guarantees.widgets.tradeoff_explorer import TradeoffExplorer

__all__ = [
    "DeterrenceLab",
    "GuaranteeDesigner",
    "ModelExplorer",
    "PriceTag",
    "Quiz",
    "SourceLens",
    "Timeline",
    "TradeoffExplorer",
]
