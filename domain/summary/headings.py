"""What the parts of a summary are called, in its text, on its page and in its workbook alike."""

from __future__ import annotations

from domain.policy.wording import Wording

KINDS = Wording(en="Kinds", zh="类别")
LEVELS = Wording(en="Levels", zh="等级")
SEVERITY = Wording(en="Severity", zh="严重程度")
FINDINGS = Wording(en="Findings", zh="核定结果")
CAUSES = Wording(en="Causes: who is liable", zh="根源：责任方")
PROMISES = Wording(en="Promises, the weakest first", zh="时限（薄弱环节在前）")
TEAMS = Wording(en="Promises of agents by team", zh="客服时限（按团队）")
PEOPLE = Wording(en="Promises of agents by person in charge", zh="客服时限（按负责人）")
MONEY = Wording(en="Money", zh="金额")
SATISFACTION = Wording(en="Satisfaction", zh="满意度")
SURVEY = Wording(en="Survey", zh="满意度问卷")
STAFF = Wording(en="Employees complained of", zh="对员工的投诉")
DEPARTMENTS = Wording(en="Departments asked or told", zh="参与处理的部门")
RECURRING = Wording(en="What keeps recurring", zh="反复出现")
REPEATING = Wording(en="Customers who complained again", zh="重复投诉的客户")
INCIDENTS = Wording(en="Incidents", zh="集中事件")
TREND = Wording(en="Against the period before", zh="与上期比较")
ROUTES = Wording(en="Complaints of lateness by route", zh="延迟投诉（按线路）")
IMPROVEMENTS = Wording(en="Proposed improvements", zh="改进建议")
NO_IMPROVEMENT = Wording(en="The figures ask for none.", zh="本期数据未提示需要改进之处。")
NO_CARRIER = Wording(en="carrier not known", zh="承运商不详")
