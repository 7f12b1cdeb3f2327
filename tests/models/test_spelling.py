"""Units and amounts as the people who publish them spell them."""

import pytest

from waferline.errors import BadInput
from waferline.models.assumptions import resolve
from waferline.models.compute.inference import INFERENCE
from waferline.models.compute.training_step import TRAINING_STEP
from waferline.models.model import Choice, Input, RecordKind
from waferline.models.records import read_records, record_named
from waferline.models.settings import read_setting
from waferline.models.spelling import measure
from waferline.quantity.relations.base import Phrase
from waferline.quantity.units import convertible, unit


@pytest.mark.parametrize(
    ("said", "of", "is_"),
    [
        ("15T", "tokens", "15 tn tokens"),
        ("15.6 trillion tokens", "tokens", "15.6 tn tokens"),
        ("300B tokens", "tokens", "300 bn tokens"),
        ("128K tokens", "tokens", "128000 tokens"),
        ("70B", "parameters", "70 bn parameters"),
        ("7b", "parameters", "7 bn parameters"),
        ("1.39968M GPU hours", "GPU hours", "1399680 GPU hours"),
        ("2.788M h", "GPU hours", "2788000 GPU hours"),
        ("172,800 H800 GPU-hours", "GPU hours", "172800 GPU hours"),
        ("2 USD/h", "USD per GPU hour", "2 USD per GPU hour"),
        ("$2/GPU-hour", "USD per GPU hour", "2 USD per GPU hour"),
        ("0.55 USD/M tokens", "USD per mn tokens", "0.55 USD per mn tokens"),
        ("$0.55/M", "USD per mn tokens", "0.55 USD per mn tokens"),
        ("0.55 USD per M", "USD per mn tokens", "0.55 USD per mn tokens"),
        ("CNY 3,500", "CNY", "3500 CNY"),
        ("RMB 500", "CNY", "500 CNY"),
        ("5999 yuan", "CNY", "5999 CNY"),
        ("$30B", "USD", "30 USD bn"),
        ("47.5 billion USD", "USD", "47.5 USD bn"),
        ("171 TFLOP/s", "TFLOP/s per GPU", "171 TFLOP/s per GPU"),
        ("400 Gbps", "GB/s", "400 Gb/s"),
        ("2,831 mm²", "mm2", "2831 mm2"),
        ("5.5x", "x reticle", "5.5 x reticle"),
        ("8 GPUs", "x", "8"),
        ("240 days", "hours", "5760 hours"),
        ("10.94 min", "minutes", "10.94 minutes"),
        ("800 W", "W", "800 W"),
        ("1 byte", "bytes", "1 bytes"),
        ("0.35-0.50", "x", "0.35..0.50"),
        ("85%-90%", "x", "85..90 %"),
        ("140,000 to 150,000 wafers", "wafers", "140000..150000 wafers"),
        ("-4.1 %", "x", "-4.1 %"),
    ],
)
def test_an_amount_is_read_as_people_spell_it(said, of, is_):
    about = Input("it", of, Phrase("量", "amount"))
    assert read_setting(about, said, "here") == read_setting(about, is_, "here")


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("3 GB", "tokens"),
        ("3 days", "GPU hours"),
        ("2 USD", "CNY"),
        ("3 furlongs", "x"),
        ("5 chips", "tokens"),
        ("3 T", "GB/s"),
        ("3 W", "USD per GPU hour"),
    ],
)
def test_another_kind_of_thing_is_refused(said, of):
    with pytest.raises(BadInput, match=r"here: .*unit"):
        read_setting(Input("it", of, Phrase("量", "amount")), said, "here")


@pytest.mark.parametrize(
    ("said", "of"),
    [
        ("GFLOPS/token", "GFLOP per token"),
        ("tok/s", "tokens/s"),
        ("tokens/s/GPU", "tokens/s"),
        ("nats", "nat"),
        ("times", "x"),
        ("", "x"),
        ("tokens/parameter", "x"),
        ("packages per wafer", "x"),
        ("accelerators", "units"),
        ("million chips", "units"),
        ("T tokens", "tokens"),
        ("us", "µs"),
        ("KB per token", "bytes"),
        ("x/year", "ratio per year"),
        ("USD per M tokens", "USD per mn tokens"),
        ("months", "years"),
    ],
)
def test_a_unit_is_read_as_people_spell_it(said, of):
    found = measure(said, unit(of))
    assert found is not None and convertible(found, unit(of))


def test_a_list_may_be_parted_by_commas_or_be_one_number():
    many = Input("weights", "x", Phrase("权重", "weights"), many=True)
    assert read_setting(many, "0,1,4.5,9", "here").tolist() == [0, 1, 4.5, 9]
    assert read_setting(many, "1,000 2,500", "here").tolist() == [1000, 2500]
    assert read_setting(many, "[0, 1, 5]", "here").tolist() == [0, 1, 5]
    assert read_setting(many, 200, "here").tolist() == [200]
    money = Input("prices", "USD per mn tokens", Phrase("价格", "prices"), many=True)
    assert read_setting(money, ["60 USD/M tokens", "$6/M", 3], "here").tolist() == [60, 6, 3]


def test_a_word_has_other_spellings():
    choice = Choice("precision", ("fp16", "w4a16_g128"), Phrase("精度", "precision"), (("w16a16", "fp16"),))
    assert [choice.meant(word) for word in ("FP16", "W16A16", "w4a16-G128", "fp-16", "fp8")] == [
        "fp16", "fp16", "w4a16_g128", "fp16", None,
    ]  # fmt: skip
    found = resolve(INFERENCE, None, {"precision": "W8A8"}, where="", complete=False)
    assert found["precision"].value == "int8"
    assert (
        resolve(TRAINING_STEP, None, {"sequence_parallel": True}, where="", complete=False)[
            "sequence_parallel"
        ].value
        == "yes"
    )


def test_a_record_is_found_by_its_maker_account_and_variant(tmp_path):
    kind = RecordKind(
        "model", "m.csv", Phrase("模型", "model"), (), ("maker",), variants=("instruct", "it", "fp8")
    )
    (tmp_path / "m.csv").write_text("name,aliases,maker,source\nA-7B,,Acme,s\nBit,,Beta,s\n")
    rows = read_records(tmp_path, kind)
    for said in ("Acme A-7B", "acme/a 7b", "A-7B-Instruct", "acme/A-7B-instruct-FP8"):
        assert record_named(rows, said, kind, "here", None).name == "A-7B"
    assert record_named(rows, "bit", kind, "here", None).name == "Bit"
    for said in ("Beta A-7B", "B", "instruct"):
        with pytest.raises(BadInput, match="unknown model"):
            record_named(rows, said, kind, "here", None)
