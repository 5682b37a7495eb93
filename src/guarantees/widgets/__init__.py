"""What a reader can take hold of: one small Python class, one script and one style per widget."""

from guarantees.widgets.guarantee_designer import GuaranteeDesigner
from guarantees.widgets.model_explorer import ModelExplorer
from guarantees.widgets.quiz import Quiz
from guarantees.widgets.tradeoff_explorer import TradeoffExplorer

__all__ = ["GuaranteeDesigner", "ModelExplorer", "Quiz", "TradeoffExplorer"]
