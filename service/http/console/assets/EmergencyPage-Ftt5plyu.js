<<<<<<<< HEAD:service/http/console/assets/EmergencyPage-oQyr2joZ.js
import{t as e}from"./Sheet.module-BSTRjNgB.js";import{t}from"./Emergency-FvAQkLMg.js";import{t as n}from"./jsxRuntime-CkyWv19j.js";function r(){return n(`main`,{class:e.sheet,children:n(t,{level:`h1`})})}export{r as default};
========
import{t as e}from"./Sheet.module-BSTRjNgB.js";import{t}from"./Emergency-Ny8V_ixX.js";import{t as n}from"./jsxRuntime-B22FvjDY.js";function r(){return n(`main`,{class:e.sheet,children:n(t,{level:`h1`})})}export{r as default};
>>>>>>>> h26D:service/http/console/assets/EmergencyPage-Ftt5plyu.js
