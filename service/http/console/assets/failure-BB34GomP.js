<<<<<<<< HEAD:service/http/console/assets/failure-BjyvECzR.js
import{f as e,p as t}from"./jsxRuntime-CkyWv19j.js";import{B as n}from"./index-sFHARgIp.js";function r(r,{say:i}){if(r instanceof t)return i(n.failedUnreached);if(r instanceof e)return r.status===403?i(n.failedRights):i(n.failed,{why:r.message});throw r}export{r as t};
========
import{f as e,p as t}from"./jsxRuntime-B22FvjDY.js";import{B as n}from"./index-Cro9Ga8v.js";function r(r,{say:i}){if(r instanceof t)return i(n.failedUnreached);if(r instanceof e)return r.status===403?i(n.failedRights):i(n.failed,{why:r.message});throw r}export{r as t};
>>>>>>>> h26D:service/http/console/assets/failure-BB34GomP.js
