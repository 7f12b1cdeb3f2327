from waferline.audit.readers.characters import clean, is_wide, joined


def test_radicals_ligatures_and_invisible_marks_are_undone():
    assert clean("⻚⾯ ﬁscal\u200b year\u00ad") == "页面 fiscal year"


def test_full_width_digits_stay():
    assert clean("２０２４年增长１９．１％") == "２０２４年增长１９．１％"


def test_lone_surrogates_become_a_mark_that_can_be_written():
    assert clean("a\ud800b").encode() == "a\ufffdb".encode()


def test_chinese_lines_join_without_a_space():
    assert joined("较上年增长", "19.1%，其中") == "较上年增长19.1%，其中"
    assert joined("全球销售额6", "276亿美元，同比") == "全球销售额6276亿美元，同比"


def test_english_lines_join_with_a_space_and_lose_a_split_hyphen():
    assert joined("revenue rose 12", "percent") == "revenue rose 12 percent"
    assert joined("the semicon-", "ductor market") == "the semiconductor market"


def test_a_compound_keeps_its_hyphen():
    assert joined("up 5% year-", "on-year") == "up 5% year-on-year"
    assert joined("on 12-", "inch wafers") == "on 12-inch wafers"
    assert joined("data-", "centre sales", lambda word: word == "data-centre") == "data-centre sales"


def test_latin_words_in_a_chinese_paragraph_keep_their_space():
    assert joined("英伟达发布Grace", "Blackwell平台") == "英伟达发布Grace Blackwell平台"


def test_wide_characters():
    assert [is_wide(c) for c in "芯。％Ａa9"] == [True, True, True, True, False, False]
