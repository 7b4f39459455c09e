"""What every model is compared with: two baselines, and other bundles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion

from sikap.labels import SENTIMENTS, STANCES
from sikap.model import Model
from sikap_training.metrics import Labels
from sikap_training.statements import LabelledStatement, sentiment_vector, stance_matrix


class Baseline(Protocol):
    """Label texts under a name."""

    name: str

    def predict(self, texts: Sequence[str]) -> Labels:
        """Label texts."""


class TfidfBaseline:
    """TF-IDF of words (1-2) and characters (2-5) with logistic regression, one classifier a label."""

    name = "TF-IDF + logistic regression"

    def __init__(self, train: Sequence[LabelledStatement], seed: int = 0) -> None:
        """Fit on the training part."""
        rare = 2 if len(train) >= 50 else 1  # few statements may share no word at all
        self._features = FeatureUnion(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=rare)),
                ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=rare)),
            ]
        )
        matrix = self._features.fit_transform([statement.text for statement in train])
        self._stance = OneVsRestClassifier(LogisticRegression(C=10, max_iter=2000, random_state=seed))
        self._stance.fit(matrix, stance_matrix(train).astype(int))
        sentiments = sentiment_vector(train)
        several = len(set(sentiments.tolist())) > 1
        self._sentiment = (
            LogisticRegression(C=10, max_iter=2000, random_state=seed) if several else DummyClassifier(strategy="prior")
        )
        self._sentiment.fit(matrix, sentiments)

    def predict(self, texts: Sequence[str]) -> Labels:
        """Label texts."""
        matrix = self._features.transform(texts)
        return Labels(np.asarray(self._stance.predict(matrix)).astype(bool), self._sentiment.predict(matrix))

    def probabilities(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the probabilities of stances and of sentiments, each of shape (n, 3)."""
        matrix = self._features.transform(texts)
        sentiment = np.zeros((len(texts), len(SENTIMENTS)))
        sentiment[:, self._sentiment.classes_] = self._sentiment.predict_proba(matrix)
        return np.asarray(self._stance.predict_proba(matrix)), sentiment


class KeywordBaseline:
    """A list of Indonesian keywords for each label, chosen by hand from the codebook, no training."""

    name = "keyword list"

    _STANCE: ClassVar[dict[str, str]] = {
        "support": r"dukung(?!an publik)|menyambut (?:baik|hangat)|apresiasi|memuji|terima kasih|ucapkan selamat"
        r"|selamat atas|solidaritas|berdiri bersama|siap membantu|bantuan",
        "condemnation": r"kutuk|mengutuk|kecam|mengecam|mencela|menyesalkan|(?:tidak|tak) dapat diterima|biadab"
        r"|keji|kejahatan|pelanggaran|provokasi|munafik|pengecut|memprotes|menuduh|menuding|terorisme|genosida",
        "condolence": r"belasungkawa|bela sungkawa|duka|simpati|turut prihatin|semoga .* pulih|doa kami|kehilangan",
    }
    _SENTIMENT: ClassVar[dict[str, str]] = {
        "positive": r"dukung|menyambut|apresiasi|memuji|terima kasih|selamat|berharap|bangga|optimis|sukses|baik|senang"
        r"|gembira",
        "negative": r"kutuk|mengutuk|kecam|mengecam|sesal|prihatin|khawatir|duka|belasungkawa|serang|tewas|korban|ancam"
        r"|tuduh|tuding|kejahatan|pelanggaran|teror|keji|biadab|gagal|menolak|krisis|perang",
    }

    def predict(self, texts: Sequence[str]) -> Labels:
        """Label texts: a stance by any of its keywords, the sentiment by the more frequent list."""
        lowered = [text.lower() for text in texts]
        stance = np.array(
            [[re.search(self._STANCE[label], text) is not None for label in STANCES] for text in lowered], dtype=bool
        ).reshape(len(lowered), len(STANCES))
        sentiment = []
        for text in lowered:
            good, bad = (len(re.findall(self._SENTIMENT[label], text)) for label in ("positive", "negative"))
            sentiment.append(SENTIMENTS.index("neutral" if good == bad else "positive" if good > bad else "negative"))
        return Labels(stance, np.array(sentiment, dtype=np.int64))


class BundleBaseline:
    """Another bundle, for instance one that was trained on less data."""

    def __init__(self, name: str, model: Model) -> None:
        """Compare with a loaded bundle under a name."""
        self.name = name
        self._model = model

    def predict(self, texts: Sequence[str]) -> Labels:
        """Label texts with the bundle's own thresholds."""
        logits, _ = self._model.logits(texts)
        decided = self._model.bundle.decision(logits[:, : len(STANCES)], logits[:, len(STANCES) :])
        return Labels(decided.stance, decided.sentiment_probabilities.argmax(axis=1))
