"""Texts written for the tests of the readers: prose and tables in both languages, with a table's unit line."""

TEXTS = {
    "zh": """2024年公司实现营业收入480.6亿元，较上年的412.3亿元增长16.6%。其中晶圆代工收入362.4亿元，占75.4%；封装测试收入118.2亿元，占24.6%。
单位：亿元
项目 | 2024年 | 2023年 | 同比
晶圆代工 | 362.4 | 305.8 | 18.5%
封装测试 | 118.2 | 106.5 | 11.0%
合计 | 480.6 | 412.3 | 16.6%
四季度产能利用率为87.3%，比三季度的84.1%提高3.2个百分点；全年出货量1,286万片，上年为1,140万片，增长12.8%。
五年间研发投入由21.4亿元增至63.9亿元，年均复合增长24.5%。""",
    "en": """Orders for lithography tools reached EUR 7.1 billion in the fourth quarter, up 169% from EUR 2.6 billion in the third quarter. Of this sum, EUR 3.0 billion (42%) was for extreme-ultraviolet systems, and the remaining EUR 4.1 billion for older tools.
EUR million | 2024 | 2023 | Change
System sales | 21,768 | 21,939 | -0.8%
Service sales | 6,494 | 5,620 | 15.6%
Total net sales | 28,262 | 27,559 | 2.6%
The gross margin slipped from 51.3% to 51.2%, a decline of 0.1 percentage points, while year-on-year growth of service sales came to 15.6%.
Headcount rose by 1,400 to 44,000 from 42,600.""",
}
